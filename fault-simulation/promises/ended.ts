import type { Picture } from '../azure-log.ts';
import { LOOK_AGAIN_MS, type Played } from '../play.ts';
import { isInScope, isOnPlatformKey, isOpen, nameOf, sameId, tagOf, windowsOf } from './rules.ts';
import { blocksOn, disksToConvert, isExcluded } from './standing.ts';
import { type Violation, violation } from './violation.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** A window that is open for so long is long enough. */
const ENOUGH_MS = 45 * MINUTE_MS;

type Disk = Picture['disks'][number];
type Vm = Picture['vms'][number];

/** After three sweeps in peace: who was switched off runs, and what can be converted is. */
export function judgeEnd(
  played: Played,
  stillOff: ReadonlyMap<string, { readonly sinceMs: number }>,
): readonly Violation[] {
  const { last } = played;
  const off = [...stillOff].map(([vmId, { sinceMs }]) => {
    const since = new Date(sinceMs).toISOString();
    const text = `${nameOf(vmId)} is still off, since keyturn switched it off at ${since}`;
    return violation('runs again', last.atMs, text);
  });
  const marked = last.vms
    .filter(
      (vm) => tagOf(vm.tags, 'keyturn:off-by') !== undefined && !stillOff.has(vm.id.toLowerCase()),
    )
    .map(({ id }) => violation('runs again', last.atMs, `${nameOf(id)} still carries the mark`));
  const left = last.disks
    .filter((disk) => isOnPlatformKey(disk) && isEligible(played, disk))
    .map(({ id }) => violation('converted', last.atMs, `${nameOf(id)} is not converted`));
  const astray = last.disks
    .filter((disk) => !isOnPlatformKey(disk) && !isOnItsSet(last, disk))
    .map(({ id }) =>
      violation('disks', last.atMs, `${nameOf(id)} is on a set that is not its own`),
    );
  return [...off, ...marked, ...left, ...astray];
}

function isOnItsSet({ sets }: Picture, disk: Disk): boolean {
  const set = sets.find(({ region }) => sameId(region, disk.region));
  return set !== undefined && sameId(set.id, disk.diskEncryptionSetId ?? '');
}

/** Whether nothing speaks against a disk since faults and owners have stopped. */
function isEligible(played: Played, disk: Disk): boolean {
  const { last, calmFromMs } = played;
  const { policy, vms } = last;
  if (policy === 'broken' || policy.mode === 'report' || !isInScope(disk.id, policy)) return false;
  const mayGo =
    !isExcluded(last, disk, calmFromMs) && !disk.isShared && blocksOn(last, disk).length === 0;
  if (!mayGo) return false;
  const vm = vms.find(({ id }) => disk.owners.some((owner) => sameId(owner, id)));
  if (!vm) return disk.owners.length === 0;
  if (vm.powerState === 'deallocated') return true;
  return vm.powerState === 'running' && mayBeSwitchedOff(played, vm);
}

function mayBeSwitchedOff({ last, calmFromMs, records }: Played, vm: Vm): boolean {
  const { policy } = last;
  if (policy === 'broken' || !policy.mayDeallocate || policy.when === 'when-deallocated') {
    return false;
  }
  const isBlocked = disksToConvert(last, vm, calmFromMs).some(
    (disk) => blocksOn(last, disk).length > 0,
  );
  const shares = last.disks.some(
    (disk) => disk.isShared && disk.owners.some((owner) => sameId(owner, vm.id)),
  );
  if (isBlocked || shares) return false;
  const windows = windowsOf(vm.tags, policy);
  if (windows === null) return true;
  // What took long once is expected to take as long again.
  const longestMs = Math.max(0, ...records.map(({ downtimeMs }) => downtimeMs ?? 0));
  const neededMs = ENOUGH_MS + 2 * longestMs;
  return isOpenFor(windows, neededMs, calmFromMs + LOOK_AGAIN_MS, last.atMs - 3 * HOUR_MS);
}

function isOpenFor(
  windows: NonNullable<ReturnType<typeof windowsOf>>,
  neededMs: number,
  fromMs: number,
  toMs: number,
): boolean {
  let openMs = 0;
  for (let atMs = fromMs; atMs < toMs; atMs += 5 * MINUTE_MS) {
    openMs = windows.some((window) => isOpen(window, atMs)) ? openMs + 5 * MINUTE_MS : 0;
    if (openMs >= neededMs) return true;
  }
  return false;
}
