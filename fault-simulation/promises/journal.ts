import type { Entry, Picture } from '../azure-log.ts';
import type { Played } from '../play.ts';
import { diskUpdates } from './changed-disks.ts';
import type { Off } from './off.ts';
import { isOnPlatformKey, nameOf, sameId } from './rules.ts';
import { type Violation, violation } from './violation.ts';

type Record = Played['records'][number];

/** How long after Azure answered the journal may say that it did. */
const LATE_MS = 1_000;

/** The journal tells what Azure saw, and no two conversions of one VM at a time. */
export function judgeJournal(
  { entries, records, last }: Played,
  periods: readonly Off[],
): readonly Violation[] {
  const say = (atMs: number, text: string) => violation('journal', atMs, text);
  const open = records
    .filter(({ endedAt }) => endedAt === null)
    .map(({ target, beganAt }) =>
      say(last.atMs, `the record of ${nameOf(target)} begun at ${beganAt} has no end`),
    );
  const deallocations = switchedOff(entries)
    .filter(({ vmId, atMs }) => !records.some((record) => covers(record, vmId, atMs)))
    .map(({ vmId, atMs }) => say(atMs, `no record tells that ${nameOf(vmId)} was switched off`));
  const updates = diskUpdates(entries)
    .filter(
      ({ diskId, owners, atMs }) =>
        !records.some(
          (record) =>
            [diskId, ...owners].some((id) => covers(record, id, atMs)) ||
            // Its VM may have been deleted meanwhile.
            (covers(record, record.target, atMs) &&
              record.disks.some(({ id }) => sameId(id, diskId))),
        ),
    )
    .map(({ diskId, atMs }) => say(atMs, `no record tells that ${nameOf(diskId)} was changed`));
  return [
    ...open,
    ...deallocations,
    ...updates,
    ...untrue(entries, records),
    ...wrongPower(entries, records),
    ...overlaps(records),
    ...takenForOwners(records, periods),
  ];
}

function covers({ target, beganAt, endedAt }: Record, id: string, atMs: number): boolean {
  const toMs = endedAt === null ? Number.POSITIVE_INFINITY : Date.parse(endedAt) + LATE_MS;
  return sameId(target, id) && Date.parse(beganAt) <= atMs && atMs <= toMs;
}

function switchedOff(entries: readonly Entry[]): readonly { vmId: string; atMs: number }[] {
  return entries.flatMap((entry, at) => {
    const after = entries[at + 1];
    if (entry.kind !== 'call' || entry.by !== 'keyturn' || after?.kind !== 'picture') return [];
    if (!entry.path.endsWith('/deallocate') || entry.status >= 300) return [];
    const vmId = entry.path.slice(0, -'/deallocate'.length);
    const vm = after.vms.find(({ id }) => sameId(id, vmId));
    const isOurs =
      vm?.downtimes.at(-1)?.deallocateRequestedAt === new Date(entry.atMs).toISOString();
    return isOurs ? [{ vmId, atMs: entry.atMs }] : [];
  });
}

/** A disk that is said to be on its set is not on the platform's key at the time. */
function untrue(entries: readonly Entry[], records: readonly Record[]): readonly Violation[] {
  return records.flatMap(({ endedAt, disks }) => {
    if (endedAt === null) return [];
    const endedMs = Date.parse(endedAt);
    const after = entries.find(
      (entry): entry is Picture => entry.kind === 'picture' && entry.atMs >= endedMs,
    );
    return disks
      .filter(({ outcome }) => outcome === 'encrypted')
      .filter(({ id }) => after?.disks.some((disk) => sameId(disk.id, id) && isOnPlatformKey(disk)))
      .map(({ id }) =>
        violation(
          'journal',
          endedMs,
          `the journal says that ${nameOf(id)} was encrypted: it was not`,
        ),
      );
  });
}

const ARRIVALS: Readonly<{ [power: string]: string }> = {
  starting: 'running',
  deallocating: 'deallocated',
  stopping: 'stopped',
};

/** What a record says of the VM's power at the end is what Azure showed around then. */
function wrongPower(entries: readonly Entry[], records: readonly Record[]): readonly Violation[] {
  return records.flatMap(({ target, steps, endedAt, power: { after } }) => {
    if (endedAt === null || after === null) return [];
    // It was looked at when it ran again; what is left to do may take a while.
    const endedMs = Date.parse(steps.findLast(({ step }) => step === 'running')?.at ?? endedAt);
    const shown = around(entries, endedMs).flatMap(
      ({ vms }) => vms.find(({ id }) => sameId(id, target))?.powerState ?? [],
    );
    // What was on its way there may have arrived, and left again, in between.
    const arrived = shown.map((power) => ARRIVALS[power] ?? power);
    if (shown.length === 0 || [...shown, ...arrived].includes(after)) return [];
    const text = `the journal says that ${nameOf(target)} was ${after}: it was ${shown.join(', ')}`;
    return [violation('journal', endedMs, text)];
  });
}

/** The pictures right before and after an instant. */
function around(entries: readonly Entry[], atMs: number): readonly Picture[] {
  const pictures = entries.filter((entry) => entry.kind === 'picture');
  const next = pictures.findIndex((picture) => picture.atMs >= atMs);
  return pictures.slice(Math.max(0, next - 1), next + 1);
}

/** A VM that keyturn has switched off, and not tried to start, is not one that its owner wants off. */
function takenForOwners(records: readonly Record[], periods: readonly Off[]): readonly Violation[] {
  return records.flatMap(({ target, beganAt, power: { before } }) => {
    const beganMs = Date.parse(beganAt);
    const isOurs = periods.some(
      ({ vmId, sinceMs, startsMs, untilMs }) =>
        sameId(vmId, target) &&
        sinceMs < beganMs &&
        beganMs < (untilMs ?? Number.POSITIVE_INFINITY) &&
        !startsMs.some((ms) => ms < beganMs),
    );
    if (before !== 'deallocated' || !isOurs) return [];
    const text = `the journal says that ${nameOf(target)} was off: keyturn had switched it off`;
    return [violation('journal', beganMs, text)];
  });
}

function overlaps(records: readonly Record[]): readonly Violation[] {
  const oldestFirst = records.toSorted((a, b) => Date.parse(a.beganAt) - Date.parse(b.beganAt));
  return oldestFirst.flatMap((record, at) => {
    const next = oldestFirst.slice(at + 1).find(({ target }) => sameId(target, record.target));
    if (!next || record.endedAt === null) return [];
    if (Date.parse(next.beganAt) >= Date.parse(record.endedAt)) return [];
    const text = `two conversions of ${nameOf(record.target)} at once`;
    return [violation('one at a time', Date.parse(next.beganAt), text)];
  });
}
