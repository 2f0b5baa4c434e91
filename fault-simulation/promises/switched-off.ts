import type { AzureCall, Deed, Entry, Picture } from '../azure-log.ts';
import { type GivenApproval, isApproved } from './approved.ts';
import { capKeysOf, exceededCaps } from './caps.ts';
import { endOff, type Off } from './off.ts';
import { Room } from './room.ts';
import { nameOf, sameId } from './rules.ts';
import { hasSeenKeyUsable } from './seen-keys.ts';
import { againstSwitchingOff, spansBefore } from './standing.ts';
import { type Violation, violation } from './violation.ts';

const VERDICT_MS = 75_000;
/** After so long a deallocation whose answer was lost is no longer in doubt. */
const DOUBT_MS = 15 * 60_000;

/** How long before a deallocation its key may have been looked at, all delays included. */
const LOOKED_MS = 4 * 60_000;
/** How long after a refusal of the key its set may not be stopped yet. */
const HEARD_MS = 30_000;

type Vm = Picture['vms'][number];

/** What is known of the VMs while the log is read from its beginning. */
interface Course {
  readonly off: Map<string, Off>;
  /** Each time that one was switched off. */
  readonly periods: Off[];
  /** When keyturn last sent a deallocation that may have taken effect; a refusal takes tentative ones back. */
  readonly claims: Map<string, number>;
  readonly tentative: Set<string>;
  /** Approvals by VM: when given, and when first used. */
  readonly approvals: Map<string, GivenApproval[]>;
  /** Regions whose set's key was refused, since when. */
  readonly refused: Map<string, number>;
  readonly room: Room;
  /** VMs whose conversion was terminated, perhaps with its deallocation on its way. */
  readonly ownerless: Set<string>;
  readonly violations: Violation[];
}

interface Step {
  readonly call: AzureCall;
  readonly vmId: string;
  readonly earlier: readonly Entry[];
  /** Right after the call. */
  readonly after: Picture;
}

/** VMs that keyturn switched off and that did not come back; and what went wrong on the way. */
export function judgeSwitching(entries: readonly Entry[]): {
  readonly violations: readonly Violation[];
  readonly stillOff: ReadonlyMap<string, Off>;
  readonly periods: readonly Off[];
} {
  const course: Course = {
    off: new Map(),
    periods: [],
    claims: new Map(),
    tentative: new Set(),
    approvals: new Map(),
    refused: new Map(),
    room: new Room(),
    ownerless: new Set(),
    violations: [],
  };
  for (const [at, entry] of entries.entries()) {
    if (entry.kind === 'picture') look(course, entry);
    else if (entry.kind !== 'call') note(course, entry, entries[at - 1]);
    if (entry.kind !== 'call') continue;
    const [, vmId, verb] =
      /^(.*\/virtualmachines\/[^/]+)\/(deallocate|start|poweroff)$/.exec(entry.path) ?? [];
    const after = entries[at + 1];
    if (!vmId || !verb || after?.kind !== 'picture') continue;
    take(course, verb, {
      call: entry,
      vmId,
      earlier: entries.slice(Math.max(0, at - 400), at),
      after,
    });
  }
  return { violations: course.violations, stillOff: course.off, periods: course.periods };
}

function note(course: Course, deed: Deed, before: Entry | undefined): void {
  const { approvals, off, refused } = course;
  const { kind, atMs, target } = deed;
  const vmId = target.toLowerCase();
  course.room.note(deed, off);
  switch (kind) {
    case 'approved':
      approvals.set(vmId, [...(approvals.get(vmId) ?? []), { atMs, usedMs: null }]);
      break;
    case 'deallocation-sent':
      claim(course, deed, before);
      break;
    case 'deallocation-refused':
      if (course.tentative.delete(vmId)) course.claims.delete(vmId);
      break;
    case 'deallocation-unheard':
      unheard(course, vmId);
      break;
    case 'start-sent':
      off.get(vmId)?.startsMs.push(atMs);
      course.ownerless.delete(vmId);
      break;
    case 'state-lost':
      for (const held of off.values()) held.isOrphan = true;
      course.tentative.clear();
      break;
    case 'terminated':
      course.ownerless.add(vmId);
      course.tentative.delete(vmId);
      break;
    case 'ended-while-off':
      judgeEndedWhileOff(course, deed);
      break;
    case 'key-refused':
      if (!refused.has(target)) refused.set(target, atMs);
      break;
    case 'resumed':
      for (const region of [...refused.keys()]) {
        if (target === 'everything' || vmId.endsWith(`/des-${region}`)) refused.delete(region);
      }
  }
}

/** Whether it was sent nobody can tell any more, however long the VM then runs. */
function unheard({ claims, tentative }: Course, vmId: string): void {
  tentative.delete(vmId);
  if (claims.has(vmId)) claims.set(vmId, Number.POSITIVE_INFINITY);
}

/** A conversion starts its VM itself; the sweep is for those that did not live to do so. */
function judgeEndedWhileOff({ off, ownerless, violations }: Course, { atMs, target }: Deed): void {
  const held = off.get(target.toLowerCase());
  if (!held || held.isOrphan || ownerless.has(held.vmId) || held.startsMs.length > 0) return;
  const text = `${nameOf(target)} was left off: its conversion ended and had not tried to start it`;
  violations.push(violation('runs again', atMs, text));
}

/** Azure may take it though nobody hears so: only a refusal says that it did not. */
function claim({ claims, tentative }: Course, sent: Deed, before: Entry | undefined): void {
  const vmId = sent.target.toLowerCase();
  if (claims.has(vmId) || before?.kind !== 'picture') return;
  const vm = before.vms.find(({ id }) => sameId(id, vmId));
  if (vm?.powerState !== 'running') return;
  claims.set(vmId, sent.atMs);
  tentative.add(vmId);
}

/** Who runs or is gone is no longer off. */
function look({ off, claims, room }: Course, picture: Picture): void {
  const { atMs, vms } = picture;
  room.look(picture);
  const powers = new Map(vms.map(({ id, powerState }) => [id.toLowerCase(), powerState]));
  for (const vmId of off.keys()) {
    const power = powers.get(vmId);
    if (power === undefined || power === 'running') endOff(off, vmId, atMs);
  }
  for (const [vmId, sentMs] of claims) {
    if (powers.get(vmId) === 'running' && atMs - sentMs > DOUBT_MS) claims.delete(vmId);
  }
}

function take(course: Course, verb: string, step: Step): void {
  const { call, vmId, after } = step;
  const isAccepted = call.status < 300;
  if (call.by === 'others') {
    // Its owner wants it off: whoever switched it off, it may stay so.
    if (isAccepted && verb !== 'start') {
      endOff(course.off, vmId, call.atMs);
      // One that is off already shows nothing of it.
      const power = after.vms.find(({ id }) => sameId(id, vmId))?.powerState;
      if (power !== 'deallocated') forgetClaim(course, vmId, call.atMs);
    }
    return;
  }
  const vm = after.vms.find(({ id }) => sameId(id, vmId));
  if (vm && verb === 'start' && isAccepted && vm.powerState === 'starting') {
    judgeStart(course, step);
  }
  if (vm && verb === 'deallocate') takeDeallocation(course, step, vm);
}

/** Long after ours, what its owner does with it is the owner's alone. */
function forgetClaim({ claims }: Course, vmId: string, atMs: number): void {
  const sentMs = claims.get(vmId);
  if (sentMs !== undefined && atMs - sentMs > DOUBT_MS) claims.delete(vmId);
}

function takeDeallocation(course: Course, step: Step, vm: Vm): void {
  const { call, vmId } = step;
  if (call.status >= 300) return;
  course.tentative.delete(vmId);
  const at = new Date(call.atMs).toISOString();
  if (vm.downtimes.at(-1)?.deallocateRequestedAt === at) judgeDeallocation(course, step, vm);
  else if (vm.powerState === 'deallocating') judgeStopped(course, step);
}

function judgeStart({ claims, violations }: Course, { call, vmId }: Step): void {
  if (claims.has(vmId)) return;
  const text = `${nameOf(vmId)} was started, though keyturn had not switched it off`;
  violations.push(violation('power state given back', call.atMs, text));
}

function judgeStopped({ claims, violations }: Course, { call, vmId, earlier }: Step): void {
  claims.set(vmId, call.atMs);
  const isLong = spansBefore(earlier, call.sentMs, VERDICT_MS).every(({ picture }) =>
    picture.vms.some(({ id, powerState }) => sameId(id, vmId) && powerState === 'stopped'),
  );
  const text = `${nameOf(vmId)} was deallocated, though its owner had stopped it`;
  if (isLong) violations.push(violation('allowed right before', call.atMs, text));
}

function judgeDeallocation(course: Course, step: Step, vm: Vm): void {
  const { call, vmId, earlier, after } = step;
  const { claims, off, violations } = course;
  const name = nameOf(vmId);
  for (const reason of againstSwitchingOff(earlier, vmId, call.sentMs)) {
    const text = `${name} was switched off, though ${reason}`;
    violations.push(violation('allowed right before', call.atMs, text));
  }
  if (!hasSeenKeyUsable(earlier, vm.region, call.sentMs - LOOKED_MS)) {
    const text = `${name} was switched off, though keyturn had not seen its key to be usable`;
    violations.push(violation('allowed right before', call.atMs, text));
  }
  const given = course.approvals.get(vmId) ?? [];
  if (!isApproved(given, earlier, call.sentMs)) {
    const text = `${name} was switched off, though nobody had approved it`;
    violations.push(violation('allowed right before', call.atMs, text));
  }
  violations.push(...course.room.judge(vm, call));
  claims.set(vmId, call.atMs);
  const begun = {
    vmId,
    sinceMs: call.atMs,
    keys: capKeysOf(vm),
    startsMs: [],
    isOrphan: false,
    untilMs: null,
  };
  off.set(vmId, begun);
  course.periods.push(begun);
  const refusedMs = course.refused.get(vm.region.toLowerCase()) ?? Number.POSITIVE_INFINITY;
  if (call.sentMs > refusedMs + HEARD_MS) {
    const text = `${name} was switched off, though keyturn knew that the key of its set is refused`;
    violations.push(violation('allowed right before', call.atMs, text));
  }
  violations.push(...exceededCaps(off, after, call.atMs));
}
