import type { Deed, Entry, Picture } from '../azure-log.ts';
import type { Played } from '../play.ts';
import type { Off } from './off.ts';
import { nameOf, sameId } from './rules.ts';
import { type Violation, violation } from './violation.ts';

/** A look each half minute, and the time of its own calls. */
const WITHIN_MS = 45_000;

/**
 * A VM whose conversion was ended from outside is started by whoever looks next, without a sweep.
 *
 * Judged only where nothing else stands in the way of that look: a host that is down, a store that
 * is away, VMs that cannot be read, an owner who switches the VM.
 */
export function judgeRescue(
  { entries, story }: Played,
  periods: readonly Off[],
): readonly Violation[] {
  const readsFail = story.happenings.some(({ acts }) =>
    acts.some((act) => act.act === 'fault' && act.call === 'read-vm'),
  );
  if (readsFail) return [];
  return endings(entries).flatMap(({ atMs, vmId }) => {
    const held = periods.filter(
      (off) =>
        (vmId === null || sameId(off.vmId, vmId)) &&
        off.sinceMs < atMs &&
        isOff(entries, off, atMs),
    );
    return held
      .filter(({ vmId: id }) => isUndisturbed(entries, id, atMs))
      .filter(({ startsMs }) => !startsMs.some((ms) => ms <= atMs + WITHIN_MS))
      .map(({ vmId: id }) => {
        const text = `${nameOf(id)} was not started soon after its conversion had been ended`;
        return violation('runs again', atMs, text);
      });
  });
}

/** When conversions were ended: of one VM, or of all, as the host came back without its state. */
function endings(entries: readonly Entry[]): readonly { atMs: number; vmId: string | null }[] {
  return entries.flatMap((entry, at): { atMs: number; vmId: string | null }[] => {
    if (entry.kind === 'terminated') return [{ atMs: entry.atMs, vmId: entry.target }];
    if (entry.kind !== 'state-lost') return [];
    const back = entries.slice(at).find(({ kind }) => kind === 'host-started');
    return back ? [{ atMs: back.atMs, vmId: null }] : [];
  });
}

function isOff(entries: readonly Entry[], { vmId, sinceMs }: Off, atMs: number): boolean {
  const seen = entries.filter(
    (entry): entry is Picture =>
      entry.kind === 'picture' && entry.atMs >= sinceMs && entry.atMs <= atMs + WITHIN_MS,
  );
  return seen.every(({ vms }) => {
    const power = vms.find(({ id }) => sameId(id, vmId))?.powerState;
    return power === 'deallocating' || power === 'deallocated';
  });
}

const DISTURBANCES: readonly Deed['kind'][] = ['crashed', 'state-lost', 'host-started'];

function isUndisturbed(entries: readonly Entry[], vmId: string, atMs: number): boolean {
  const isUp = entries.findLast(
    ({ kind, atMs: ms }) => ms <= atMs && (kind === 'crashed' || kind === 'host-started'),
  );
  const near = entries.filter(({ atMs: ms }) => ms >= atMs && ms <= atMs + WITHIN_MS);
  return (
    isUp?.kind === 'host-started' &&
    !near.some(
      (entry) =>
        (entry.kind === 'picture' && entry.storeIsAway) ||
        (entry.kind === 'call' && entry.by === 'others' && entry.path.startsWith(vmId)) ||
        ((DISTURBANCES as readonly string[]).includes(entry.kind) && entry.atMs > atMs),
    )
  );
}
