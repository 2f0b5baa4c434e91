/** A parsed ARM resource ID. */
export interface ArmId {
  /** As it was given, without a trailing slash. */
  readonly id: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  /** Provider and type, lower-cased, e.g. `microsoft.compute/disks`. */
  readonly type: string;
  readonly name: string;
}

/** What a request may name: a resource, a resource group or a subscription. */
export type ArmScope =
  | { readonly kind: 'disk' | 'vm'; readonly id: string; readonly subscriptionId: string }
  | {
      readonly kind: 'resource-group';
      readonly id: string;
      readonly subscriptionId: string;
      readonly resourceGroup: string;
    }
  | { readonly kind: 'subscription'; readonly id: string; readonly subscriptionId: string };

export const DISK_TYPE = 'microsoft.compute/disks';
export const VM_TYPE = 'microsoft.compute/virtualmachines';

const GUID = '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';
// Source: "Naming rules and restrictions for Azure resources": groups allow letters of any script,
// digits and ._-() ; compute names the same without parentheses. No %, /, ?, # can pass.
const GROUP = '[\\p{L}\\p{M}\\p{N}\\p{Pc}.()-]{1,90}';
const NAME = '[\\p{L}\\p{M}\\p{N}\\p{Pc}.-]{1,90}';
const SUBSCRIPTION = new RegExp(`^/subscriptions/(${GUID})$`, 'iu');
const RESOURCE_GROUP = new RegExp(`^/subscriptions/(${GUID})/resourceGroups/(${GROUP})$`, 'iu');
const RESOURCE = new RegExp(
  `^/subscriptions/(${GUID})/resourceGroups/(${GROUP})/providers/([a-z0-9.]{1,60})/([a-z0-9]{1,60})/(${NAME})$`,
  'iu',
);

/** Reads the ARM ID of a top-level resource; null for anything else, path tricks included. */
export function parseArmId(text: string): ArmId | null {
  const id = trimmed(text);
  const [, subscriptionId, resourceGroup, provider, type, name] = RESOURCE.exec(id) ?? [];
  if (!subscriptionId || !resourceGroup || !provider || !type || !name) return null;
  if (isDots(resourceGroup) || isDots(name)) return null;
  return { id, subscriptionId, resourceGroup, type: `${provider}/${type}`.toLowerCase(), name };
}

/** Reads what a conversion may be asked for; null when it is not one of the four. */
export function parseArmScope(text: string): ArmScope | null {
  const id = trimmed(text);
  const subscription = SUBSCRIPTION.exec(id)?.[1];
  if (subscription) return { kind: 'subscription', id, subscriptionId: subscription };

  const [, subscriptionId, resourceGroup] = RESOURCE_GROUP.exec(id) ?? [];
  if (subscriptionId && resourceGroup) {
    return isDots(resourceGroup)
      ? null
      : { kind: 'resource-group', id, subscriptionId, resourceGroup };
  }
  const resource = parseArmId(text);
  if (resource?.type === DISK_TYPE) return { kind: 'disk', ...pick(resource) };
  if (resource?.type === VM_TYPE) return { kind: 'vm', ...pick(resource) };
  return null;
}

/** Whether two ARM IDs name one resource. Azure echoes IDs in changing case (recorded). */
export function sameId(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** The subscription that an ARM ID names; empty for what is none. */
export function subscriptionOf(id: string): string {
  return parseArmId(id)?.subscriptionId ?? '';
}

/** The last segment of an ARM ID, for people to read. */
export function nameOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

/** Without a trailing slash; empty, which is no ID, when a character only looks like an ASCII one. */
function trimmed(text: string): string {
  // Under the flags i and u together a long s matches s, and the Kelvin sign matches k.
  if (/[\u017f\u212a]/.test(text)) return '';
  return text.endsWith('/') ? text.slice(0, -1) : text;
}

function pick({ id, subscriptionId }: ArmId): { id: string; subscriptionId: string } {
  return { id, subscriptionId };
}

function isDots(segment: string): boolean {
  return /^\.+$/.test(segment);
}
