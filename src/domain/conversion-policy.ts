import { type ArmScope, parseArmId } from './arm-id.ts';

/** A part of the estate that keyturn may touch. */
export interface ScopeEntry {
  readonly subscriptionId: string;
  /** Null: every resource group of the subscription. */
  readonly resourceGroups: readonly string[] | null;
}

/** What the operator allows. */
export interface ConversionPolicy {
  /** `report` only says what would be done. */
  readonly mode: 'report' | 'enforce';
  /** Empty: nothing is touched. */
  readonly scope: readonly ScopeEntry[];
  /** Region → ARM ID of the disk encryption set to use there. */
  readonly encryptionSets: Readonly<Record<string, string>>;
  /** Whether a running VM may be switched off for its conversion. */
  readonly mayDeallocate: boolean;
  /** How long a new VM is left alone, from its creation. */
  readonly settleMinutes: number;
  /** A key that expires sooner than this counts as expired. */
  readonly keyExpiryMarginDays: number;
  /** How long a VM or disk is left alone after Azure refused it. */
  readonly retryRefusedAfterHours: number;
}

/** ARM ID of the disk encryption set that the policy names for a region, or null. */
export function setFor(region: string, { encryptionSets }: ConversionPolicy): string | null {
  const key = region.toLowerCase();
  return Object.hasOwn(encryptionSets, key) ? (encryptionSets[key] ?? null) : null;
}

/** Whether a resource or a scope lies within what the policy names. */
export function isInScope(target: string | ArmScope, policy: ConversionPolicy): boolean {
  const place = typeof target === 'string' ? parseArmId(target) : placeOf(target);
  if (place === null) return false;
  return policy.scope.some(
    ({ subscriptionId, resourceGroups }) =>
      same(subscriptionId, place.subscriptionId) &&
      (resourceGroups === null ||
        place.resourceGroup === null ||
        resourceGroups.some((group) => same(group, place.resourceGroup ?? ''))),
  );
}

function placeOf(scope: ArmScope): { subscriptionId: string; resourceGroup: string | null } | null {
  switch (scope.kind) {
    case 'subscription':
      return { subscriptionId: scope.subscriptionId, resourceGroup: null };
    case 'resource-group':
      return scope;
    default:
      return parseArmId(scope.id);
  }
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
