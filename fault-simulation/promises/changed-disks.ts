import type { AzureCall, Entry } from '../azure-log.ts';
import { nameOf, sameId } from './rules.ts';
import { hasSeenKeyUsable } from './seen-keys.ts';
import { againstChanging } from './standing.ts';
import { type Violation, violation } from './violation.ts';

/** How long a conversion may go on after it chose its set: two crashes of up to 400 minutes. */
const LONGEST_MS = 18 * 3_600_000;

/** An update of a disk that Azure accepted from keyturn. */
export interface DiskUpdate {
  readonly atMs: number;
  readonly diskId: string;
  /** VMs that held it then. */
  readonly owners: readonly string[];
}

export function diskUpdates(entries: readonly Entry[]): readonly DiskUpdate[] {
  return entries.flatMap((entry, at) => {
    const after = entries[at + 1];
    if (!isUpdate(entry) || after?.kind !== 'picture') return [];
    const owners = after.disks.find(({ id }) => sameId(id, entry.path))?.owners ?? [];
    return [{ atMs: entry.atMs, diskId: entry.path, owners }];
  });
}

/** No excluded disk is changed, and none goes onto a set whose key was unusable when it was chosen. */
export function judgeChanges(entries: readonly Entry[]): readonly Violation[] {
  return entries.flatMap((entry, at) => {
    if (!isUpdate(entry)) return [];
    const earlier = entries.slice(0, at);
    const name = nameOf(entry.path);
    const reasons = againstChanging(earlier.slice(-400), entry.path, entry.sentMs);
    const texts = reasons.map((reason) => `${name} was changed, though ${reason}`);
    if (!hasSeenKeyUsable(earlier, regionOf(earlier, entry), entry.atMs - LONGEST_MS)) {
      texts.push(`${name} was put onto a set whose key keyturn had not seen to be usable`);
    }
    return texts.map((text) => violation('disks', entry.atMs, text));
  });
}

function isUpdate(entry: Entry): entry is AzureCall {
  return (
    entry.kind === 'call' &&
    entry.by === 'keyturn' &&
    entry.method === 'PATCH' &&
    /\/disks\/[^/]+$/.test(entry.path) &&
    entry.status < 300
  );
}

function regionOf(earlier: readonly Entry[], { path }: AzureCall): string {
  const picture = earlier.findLast((entry) => entry.kind === 'picture');
  return picture?.disks.find(({ id }) => sameId(id, path))?.region ?? '';
}
