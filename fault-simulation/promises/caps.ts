import type { Picture } from '../azure-log.ts';
import { nameOf, sameId, tagOf } from './rules.ts';
import { type Violation, violation } from './violation.ts';

type Vm = Picture['vms'][number];

/** What a VM counts for while it is off. */
export function capKeysOf({ region, zones, availabilitySetId, tags }: Vm): readonly string[] {
  const group = tagOf(tags, 'keyturn:group')?.trim().toLowerCase();
  return [
    'vms',
    `perRegion ${region}`,
    ...zones.map((zone) => `perZone ${region}/${zone}`),
    ...(availabilitySetId ? [`perAvailabilitySet ${availabilitySetId.toLowerCase()}`] : []),
    ...(group ? [`group ${group}`] : []),
  ];
}

/** Caps of which more VMs are off at once than the policy allows. */
export function exceededCaps(
  off: ReadonlyMap<string, { readonly keys: readonly string[] }>,
  { policy, vms }: Picture,
  atMs: number,
): readonly Violation[] {
  if (policy === 'broken') return [];
  const held = [...off].filter(([vmId]) => vms.some(({ id }) => sameId(id, vmId)));
  const counts = new Map<string, string[]>();
  for (const [vmId, { keys }] of held) {
    for (const key of keys) counts.set(key, [...(counts.get(key) ?? []), nameOf(vmId)]);
  }
  return [...counts].flatMap(([key, names]) => {
    const [kind = ''] = key.split(' ');
    const limit = kind === 'group' ? 1 : policy.caps[kind as keyof typeof policy.caps];
    if (limit === null || names.length <= limit) return [];
    const text = `${names.join(', ')} were off at once: more than ${limit} of ${key}`;
    return [violation('caps', atMs, text)];
  });
}
