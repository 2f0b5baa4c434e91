import { nameOf, sameId } from '../domain/azure/arm-id.ts';
import type { SetRule } from '../domain/policy/conversion-policy.ts';
import type { Mistake } from './mistakes.ts';
import { PolicyFile, type PolicyFileContent } from './policy-file.ts';
import { rulesOf } from './to-policy.ts';

/** Settings of a policy file that cannot all be meant, whatever else is wrong with it. */
export function contradictionsOf(file: unknown): readonly Mistake[] {
  const settings = file as Readonly<Record<string, unknown>>;
  const { when, encryptionSets } = PolicyFile.shape;
  return [
    ...betweenTurns(when.safeParse(settings['when']).data, settings['windows']),
    ...betweenRules(encryptionSets.safeParse(settings['encryptionSets']).data ?? []),
  ];
}

function betweenTurns(
  when: PolicyFileContent['when'] | undefined,
  windows: unknown,
): readonly Mistake[] {
  if (when === 'in-window' && windows === undefined) {
    const message =
      'is in-window, but there are no windows; where only the tag keyturn:window counts, say windows: []';
    return [{ path: ['when'], message }];
  }
  const unused = when === 'at-once' || when === 'when-deallocated';
  if (!unused || !Array.isArray(windows) || windows.length === 0) return [];
  return [{ path: ['windows'], message: `have no effect while when is ${when}` }];
}

/**
 * Rules of which none could ever be chosen where they overlap.
 *
 * Rules with different conditions may tie as well, but only for disks that meet them all: those are
 * told as `ambiguous-set` when such a disk shows up.
 */
function betweenRules(written: PolicyFileContent['encryptionSets']): readonly Mistake[] {
  const rules = rulesOf(written);
  return rules.flatMap((rule, place) => {
    const earlier = rules.findIndex((other) => tie(rule, other));
    const other = rules[earlier];
    if (other === undefined || earlier >= place) return [];
    const message = `ties with encryptionSets[${earlier}]: nothing says whether a disk that meets both goes onto ${nameOf(other.set)} or ${nameOf(rule.set)}`;
    return [{ path: ['encryptionSets', place], message }];
  });
}

function tie(a: SetRule, b: SetRule): boolean {
  return (
    !sameId(a.set, b.set) &&
    overlap(a.regions, b.regions) &&
    overlap(a.subscriptions, b.subscriptions) &&
    sameTags(a.tags, b.tags) &&
    (a.encryptionType === null) === (b.encryptionType === null)
  );
}

function overlap(a: readonly string[] | null, b: readonly string[] | null): boolean {
  if (a === null || b === null) return a === b;
  return a.some((one) => b.some((other) => sameId(one, other)));
}

function sameTags(a: SetRule['tags'], b: SetRule['tags']): boolean {
  const written = (tags: SetRule['tags']) =>
    Object.entries(tags)
      .map(([name, value]) => JSON.stringify([name.toLowerCase(), value]))
      .toSorted()
      .join();
  return written(a) === written(b);
}
