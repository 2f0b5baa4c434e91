import type { AzureCall, Deed, Entry, Picture } from '../azure-log.ts';
import { nameOf, sameId, tagOf } from './rules.ts';
import { againstSwitchingOff, spansBefore } from './standing.ts';
import { type Violation, violation } from './violation.ts';

const VERDICT_MS = 75_000;
/** How long one conversion may go on with one approval. */
const APPROVAL_MS = 3 * 3_600_000;
/** After so long a deallocation whose answer was lost is no longer in doubt. */
const DOUBT_MS = 15 * 60_000;

type Vm = Picture['vms'][number];

/** A VM that keyturn has switched off. */
interface Off {
  readonly sinceMs: number;
  /** What it counts for. */
  readonly keys: readonly string[];
}

/** What is known of the VMs while the log is read from its beginning. */
interface Course {
  readonly off: Map<string, Off>;
  /** When keyturn last sent a deallocation that may have taken effect. */
  readonly claims: Map<string, number>;
  /** Those of them that a refusal takes back. */
  readonly tentative: Set<string>;
  /** Approvals by VM: when given, and when first used. */
  readonly approvals: Map<string, { readonly atMs: number; usedMs: number | null }[]>;
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
} {
  const course: Course = {
    off: new Map(),
    claims: new Map(),
    tentative: new Set(),
    approvals: new Map(),
    violations: [],
  };
  for (const [at, entry] of entries.entries()) {
    if (entry.kind === 'approved') {
      const given = course.approvals.get(entry.target.toLowerCase()) ?? [];
      course.approvals.set(entry.target.toLowerCase(), [
        ...given,
        { atMs: entry.atMs, usedMs: null },
      ]);
    }
    if (entry.kind === 'picture') look(course, entry);
    if (entry.kind === 'deallocation-sent') claim(course, entry, entries[at - 1]);
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
  return { violations: course.violations, stillOff: course.off };
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
function look({ off, claims }: Course, { atMs, vms }: Picture): void {
  const powers = new Map(vms.map(({ id, powerState }) => [id.toLowerCase(), powerState]));
  for (const vmId of off.keys()) {
    const power = powers.get(vmId);
    if (power === undefined || power === 'running') off.delete(vmId);
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
    if (isAccepted && verb !== 'start') course.off.delete(vmId);
    return;
  }
  const vm = after.vms.find(({ id }) => sameId(id, vmId));
  if (vm && verb === 'start' && isAccepted && vm.powerState === 'starting') {
    judgeStart(course, step);
  }
  if (vm && verb === 'deallocate') takeDeallocation(course, step, vm);
}

function takeDeallocation(course: Course, step: Step, vm: Vm): void {
  const { call, vmId } = step;
  const isRefused = call.status >= 400 && call.status < 500;
  if (course.tentative.delete(vmId) && isRefused) course.claims.delete(vmId);
  if (call.status >= 300) return;
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
  if (!isApproved(course, step)) {
    const text = `${name} was switched off, though nobody had approved it`;
    violations.push(violation('allowed right before', call.atMs, text));
  }
  claims.set(vmId, call.atMs);
  off.set(vmId, { sinceMs: call.atMs, keys: keysOf(vm) });
  violations.push(...exceededCaps(course, after, call.atMs));
}

function isApproved({ approvals }: Course, { call, vmId, earlier }: Step): boolean {
  const spans = spansBefore(earlier, call.sentMs, VERDICT_MS);
  const isNeeded = spans.every(
    ({ picture: { policy } }) => policy !== 'broken' && policy.when === 'on-approval',
  );
  if (!isNeeded) return true;
  const usable = (approvals.get(vmId) ?? []).find(
    ({ atMs, usedMs }) =>
      atMs <= call.sentMs && (usedMs === null || call.sentMs - usedMs < APPROVAL_MS),
  );
  if (!usable) return false;
  usable.usedMs ??= call.sentMs;
  return true;
}

function keysOf({ region, zones, availabilitySetId, tags }: Vm): readonly string[] {
  const group = tagOf(tags, 'keyturn:group')?.trim().toLowerCase();
  return [
    'vms',
    `perRegion ${region}`,
    ...zones.map((zone) => `perZone ${region}/${zone}`),
    ...(availabilitySetId ? [`perAvailabilitySet ${availabilitySetId.toLowerCase()}`] : []),
    ...(group ? [`group ${group}`] : []),
  ];
}

function exceededCaps(
  { off }: Course,
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
