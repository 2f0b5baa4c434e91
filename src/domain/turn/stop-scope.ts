import { parseArmId, parseArmScope } from '../azure/arm-id.ts';

/** What a stop is about: everything, one disk encryption set, one subscription, or sizes of VMs. */
export type StopScope =
  | { readonly kind: 'everything' | 'too-much' }
  /** ARM ID. */
  | { readonly kind: 'set'; readonly setId: string }
  | { readonly kind: 'subscription'; readonly subscriptionId: string }
  | SizeScope;

/** VMs of one size, or of all sizes of a series, somewhere. */
export interface SizeScope {
  readonly kind: 'size' | 'series';
  /** e.g. `Standard_E8s_v5`; of a series `Es_v5`. */
  readonly name: string;
  readonly region: string;
  /** Null: the whole region, with all its zones. */
  readonly zone: string | null;
  /** Null: in all subscriptions, which share a region's capacity. */
  readonly subscriptionId: string | null;
}

export const EVERYTHING = 'everything';

/** Everything too, by keyturn alone: apart, so that its end takes no stop of a person away. */
export const TOO_MUCH = 'too-much';

const SET_TYPE = 'microsoft.compute/diskencryptionsets';
const SIZES =
  /^(?:\/subscriptions\/([0-9a-f-]{36})\/)?(size|series)\/(\w[\w-]{0,79})\/([a-z0-9]{1,40})(?:\/([0-9]{1,2}))?$/i;

/** Reads a scope as a stop names it; null for anything else. */
export function parseStopScope(text: string): StopScope | null {
  if (text === EVERYTHING || text === TOO_MUCH) return { kind: text };
  const scope = parseArmScope(text);
  if (scope?.kind === 'subscription') {
    return { kind: 'subscription', subscriptionId: scope.subscriptionId };
  }
  const resource = parseArmId(text);
  if (resource?.type === SET_TYPE) return { kind: 'set', setId: resource.id };
  const [, subscriptionId, kind, name, region, zone] = SIZES.exec(text) ?? [];
  if (kind === undefined || name === undefined || region === undefined) return null;
  return {
    kind: kind.toLowerCase() === 'size' ? 'size' : 'series',
    name,
    region: region.toLowerCase(),
    zone: zone ?? null,
    subscriptionId: subscriptionId ?? null,
  };
}

/** The scope as stops are kept and asked for. */
export function stopScopeText(scope: StopScope): string {
  switch (scope.kind) {
    case 'everything':
    case 'too-much':
      return scope.kind;
    case 'set':
      return scope.setId;
    case 'subscription':
      return `/subscriptions/${scope.subscriptionId}`;
    default: {
      const { kind, name, region, zone, subscriptionId } = scope;
      const within = subscriptionId === null ? '' : `/subscriptions/${subscriptionId}/`;
      return `${within}${kind}/${name}/${region}${zone === null ? '' : `/${zone}`}`;
    }
  }
}

/** The scope in words; as it is written where this release does not know it. */
export function describeStopScope(text: string): string {
  const scope = parseStopScope(text);
  if (scope === null) return text;
  switch (scope.kind) {
    case 'everything':
      return 'everything';
    case 'too-much':
      return 'everything, for too much would be converted';
    case 'set':
      return `the disk encryption set ${scope.setId}`;
    case 'subscription':
      return `the subscription ${scope.subscriptionId}`;
    default: {
      const { kind, name, region, zone, subscriptionId } = scope;
      const what = kind === 'size' ? `VMs of size ${name}` : `VMs of the ${name} series`;
      const where = zone === null ? `in ${region}` : `in zone ${zone} of ${region}`;
      const whose = subscriptionId === null ? '' : `, of the subscription ${subscriptionId}`;
      return `${what} ${where}${whose}`;
    }
  }
}

/**
 * The series that a size belongs to, without its numbers of cores: `Standard_E8-4s_v5` is of `Es_v5`.
 *
 * Quotas of cores are per series. Source: "Azure virtual machine sizes naming conventions". A name
 * that does not follow them is a series of its own.
 */
export function seriesOf(size: string): string {
  const [, family, features, version = ''] =
    /^(?:Standard|Basic)_([A-Z]+)\d+(?:-\d+)?([a-z]*)((?:_\w+)?)$/i.exec(size) ?? [];
  return family === undefined ? size : `${family}${features}${version}`;
}
