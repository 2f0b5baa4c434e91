import { type ArmScope, parseArmId, sameId } from '../azure/arm-id.ts';
import { hasTags, type Tags } from '../azure/tags.ts';
import type { ConversionPolicy, ScopeEntry } from './conversion-policy.ts';

/** What of a disk or VM tells whether it is in scope. */
export interface ScopedResource {
  readonly id: string;
  readonly region: string;
  /** Of a disk that a VM holds: see `joinedTags`. */
  readonly tags: Tags;
}

/** Whether a resource lies within what the policy names. */
export function isInScope({ id, region, tags }: ScopedResource, policy: ConversionPolicy): boolean {
  return policy.scope.some(
    (entry) => mayHold(entry, parseArmId(id), region) && hasTags(tags, entry.tags),
  );
}

/**
 * Whether a resource, or something in a scope, may lie within what the policy names: what is asked
 * before it was read. Its tags may decide otherwise.
 *
 * @param region of a resource; null when it is not known yet.
 */
export function mayBeInScope(
  target: string | ArmScope,
  policy: ConversionPolicy,
  region: string | null = null,
): boolean {
  const place = typeof target === 'string' ? parseArmId(target) : placeOf(target);
  return policy.scope.some((entry) => mayHold(entry, place, region));
}

interface Place {
  readonly subscriptionId: string;
  /** Null: a whole subscription. */
  readonly resourceGroup: string | null;
}

function mayHold(entry: ScopeEntry, place: Place | null, region: string | null): boolean {
  return (
    place !== null &&
    sameId(entry.subscriptionId, place.subscriptionId) &&
    isNamed(entry.resourceGroups, place.resourceGroup) &&
    isNamed(entry.regions, region)
  );
}

/** What is not known yet may be one of the names. */
function isNamed(names: readonly string[] | null, name: string | null): boolean {
  return names === null || name === null || names.some((each) => sameId(each, name));
}

function placeOf(scope: ArmScope): Place | null {
  switch (scope.kind) {
    case 'subscription':
      return { subscriptionId: scope.subscriptionId, resourceGroup: null };
    case 'resource-group':
      return scope;
    default:
      return parseArmId(scope.id);
  }
}
