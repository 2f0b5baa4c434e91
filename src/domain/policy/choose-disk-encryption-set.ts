import { parseArmId, sameId } from '../azure/arm-id.ts';
import type { Disk } from '../azure/disk.ts';
import { DOUBLE_ENCRYPTION, isHighEnd } from '../azure/double-encryption.ts';
import { hasTags, joinedTags, type Tags } from '../azure/tags.ts';
import type { ConversionPolicy, SetRule } from './conversion-policy.ts';

/** Which disk encryption set a disk goes onto. */
export type SetChoice =
  | { readonly kind: 'chosen'; readonly setId: string; readonly rule: SetRule }
  | { readonly kind: 'none' }
  /** Rules for different sets fit equally well. */
  | { readonly kind: 'ambiguous'; readonly setIds: readonly string[] };

/** Chooses by the rule with the most conditions, of those that the disk meets. */
export function chooseDiskEncryptionSet(
  disk: Pick<Disk, 'id' | 'region' | 'sku' | 'tags'>,
  vmTags: Tags,
  policy: ConversionPolicy,
): SetChoice {
  const fitting = policy.encryptionSets.filter((rule) => fits(rule, disk, vmTags));
  const most = Math.max(...fitting.map(conditionsIn));
  const [rule, ...others] = fitting.filter((each) => conditionsIn(each) === most);
  if (rule === undefined) return { kind: 'none' };

  const different = others.filter(({ set }) => !sameId(set, rule.set));
  if (different.length === 0) return { kind: 'chosen', setId: rule.set, rule };
  const setIds = [rule, ...different].map(({ set }) => set);
  const isFirst = (id: string, place: number) =>
    setIds.findIndex((each) => sameId(each, id)) === place;
  return { kind: 'ambiguous', setIds: setIds.filter(isFirst) };
}

function fits(
  { regions, subscriptions, tags, encryptionType }: SetRule,
  disk: Parameters<typeof chooseDiskEncryptionSet>[0],
  vmTags: Tags,
): boolean {
  const subscriptionId = parseArmId(disk.id)?.subscriptionId ?? '';
  return (
    (regions?.some((region) => sameId(region, disk.region)) ?? true) &&
    (subscriptions?.some((each) => sameId(each, subscriptionId)) ?? true) &&
    hasTags(joinedTags(disk.tags, vmTags), tags) &&
    !(encryptionType === DOUBLE_ENCRYPTION && isHighEnd(disk))
  );
}

function conditionsIn({ regions, subscriptions, tags, encryptionType }: SetRule): number {
  const named = [regions, subscriptions, encryptionType].filter((each) => each !== null);
  return named.length + Object.keys(tags).length;
}
