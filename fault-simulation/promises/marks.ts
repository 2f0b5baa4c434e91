import type { Deed, Entry, Picture } from '../azure-log.ts';
import type { Played } from '../play.ts';
import { nameOf, sameId, tagOf } from './rules.ts';
import { type Violation, violation } from './violation.ts';

const MARK = 'keyturn:off-by';
/** A deallocation is sent at once; until it may be asked for again a minute may pass. */
const LONG_MS = 10 * 60_000;

/**
 * A VM is marked to be switched off, or to be left alone again: nobody marks a VM for nothing.
 *
 * Not judged where a conversion was ended, or the store was away, in between: the sweep tidies up then;
 * nor where VMs cannot be read, or tags not be written.
 */
export function judgeMarks({ entries, story }: Played): readonly Violation[] {
  const fails = story.happenings.some(({ acts }) =>
    acts.some((act) => act.act === 'fault' && (act.call === 'read-vm' || act.call === 'tag')),
  );
  if (fails) return [];
  return entries.flatMap((entry, at) => {
    const after = entries[at + 1];
    if (entry.kind !== 'call' || entry.by !== 'keyturn' || after?.kind !== 'picture') return [];
    const [, vmId] =
      /^(.*\/virtualmachines\/[^/]+)\/providers\/.*\/tags\/default$/.exec(entry.path) ?? [];
    if (!vmId || entry.status >= 300 || !isMarked(after, vmId)) return [];
    const since = entries.slice(at + 2).filter(({ atMs }) => atMs <= entry.atMs + LONG_MS);
    if (isOver(since, entry.atMs) || since.some((each) => explains(each, vmId))) return [];
    const text = `${nameOf(vmId)} was marked, and nothing came of it`;
    return [violation('runs again', entry.atMs, text)];
  });
}

function isMarked({ vms }: Picture, vmId: string): boolean {
  const vm = vms.find(({ id }) => sameId(id, vmId));
  return vm !== undefined && tagOf(vm.tags, MARK) !== undefined && vm.powerState === 'running';
}

/** The story ended before anything had to come of it. */
function isOver(since: readonly Entry[], atMs: number): boolean {
  return (since.at(-1)?.atMs ?? atMs) < atMs + LONG_MS / 2;
}

const ENDINGS: readonly Deed['kind'][] = ['crashed', 'state-lost', 'terminated'];

function explains(entry: Entry, vmId: string): boolean {
  switch (entry.kind) {
    case 'picture': {
      const vm = entry.vms.find(({ id }) => sameId(id, vmId));
      return entry.storeIsAway || vm === undefined || tagOf(vm.tags, MARK) === undefined;
    }
    case 'call':
      return entry.by === 'others' && entry.path.startsWith(vmId);
    case 'deallocation-sent':
      return sameId(entry.target, vmId);
    default:
      return ENDINGS.includes(entry.kind);
  }
}
