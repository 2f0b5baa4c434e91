import type { Entry, Picture } from '../azure-log.ts';
import {
  isInScope,
  isListedOut,
  isOnPlatformKey,
  isOpen,
  isTaggedOut,
  sameId,
  windowsOf,
} from './rules.ts';

/** How old a verdict may be when it is acted on. */
const VERDICT_MS = 75_000;
/** A stop holds within seconds. */
const STOP_MS = 5_000;

type Disk = Picture['disks'][number];
type Vm = Picture['vms'][number];

/** How things stood from one instant to another. */
export interface Span {
  readonly picture: Picture;
  readonly fromMs: number;
  readonly toMs: number;
}

/** What was the case in the time before an instant, the oldest first. */
export function spansBefore(earlier: readonly Entry[], untilMs: number, forMs: number): Span[] {
  const spans: Span[] = [];
  let toMs = untilMs;
  for (let at = earlier.length - 1; at >= 0 && toMs >= untilMs - forMs; at -= 1) {
    const picture = earlier[at];
    if (picture?.kind !== 'picture' || picture.atMs > untilMs) continue;
    spans.unshift({ picture, fromMs: Math.max(picture.atMs, untilMs - forMs), toMs });
    toMs = picture.atMs - 1;
  }
  return spans;
}

/** What spoke all the time against switching a VM off that was switched off at an instant. */
export function againstSwitchingOff(
  earlier: readonly Entry[],
  vmId: string,
  sentMs: number,
): readonly string[] {
  const stops = allTheTime(spansBefore(earlier, sentMs, STOP_MS), (picture) =>
    stopsFor(picture, vmId),
  );
  const rest = allTheTime(spansBefore(earlier, sentMs, VERDICT_MS), (picture, atMs) =>
    objectionsTo(picture, vmId, atMs),
  );
  return [...stops, ...rest];
}

/** What spoke all the time against putting a disk onto another key. */
export function againstChanging(
  earlier: readonly Entry[],
  diskId: string,
  sentMs: number,
): readonly string[] {
  return allTheTime(spansBefore(earlier, sentMs, VERDICT_MS), (picture, atMs) => {
    const disk = picture.disks.find(({ id }) => sameId(id, diskId));
    const { policy } = picture;
    if (!disk) return [];
    if (policy === 'broken') return ['the policy file was wrong'];
    return [
      ...(policy.mode === 'report' ? ['the policy only reports'] : []),
      ...(isInScope(disk.id, policy) ? [] : ['it was out of scope']),
      ...(isExcluded(picture, disk, atMs) ? ['it was excluded'] : []),
    ];
  });
}

function allTheTime(
  spans: readonly Span[],
  reasons: (picture: Picture, atMs: number) => readonly string[],
): readonly string[] {
  const each = spans.flatMap(({ picture, fromMs, toMs }) => [
    reasons(picture, fromMs),
    reasons(picture, toMs),
  ]);
  const [first = [], ...others] = each;
  return first.filter((reason) => others.every((other) => other.includes(reason)));
}

function stopsFor({ stops, vms }: Picture, vmId: string): readonly string[] {
  const region = vms.find(({ id }) => sameId(id, vmId))?.region ?? '';
  const isStopped = stops.some(
    (scope) => scope === 'everything' || scope.toLowerCase().endsWith(`/des-${region}`),
  );
  return isStopped ? ['a stop stood'] : [];
}

function objectionsTo(picture: Picture, vmId: string, atMs: number): readonly string[] {
  const { policy } = picture;
  const vm = picture.vms.find(({ id }) => sameId(id, vmId));
  if (!vm) return [];
  if (policy === 'broken') return ['the policy file was wrong'];
  const windows = windowsOf(vm.tags, policy);
  return [
    ...(policy.mode === 'report' ? ['the policy only reports'] : []),
    ...(policy.mayDeallocate ? [] : ['the policy forbids deallocation']),
    ...(policy.when === 'when-deallocated' ? ['the policy waits for its owner'] : []),
    ...(isInScope(vm.id, policy) ? [] : ['it was out of scope']),
    ...(windows?.every((window) => !isOpen(window, atMs)) ? ['no window was open'] : []),
    ...(isVmExcluded(vm, policy, atMs) ? ['it was excluded'] : []),
    ...objectionsOfDisks(picture, vm, atMs),
  ];
}

function objectionsOfDisks(picture: Picture, vm: Vm, atMs: number): readonly string[] {
  const wanted = disksToConvert(picture, vm, atMs);
  if (wanted.length === 0) return ['it had nothing to convert'];
  return wanted.flatMap((disk) => blocksOn(picture, disk));
}

/** Disks of a VM that are keyturn's business. */
export function disksToConvert(picture: Picture, vm: Vm, atMs: number): readonly Disk[] {
  return picture.disks.filter(
    (disk) =>
      disk.owners.some((owner) => sameId(owner, vm.id)) &&
      isOnPlatformKey(disk) &&
      !isExcluded(picture, disk, atMs),
  );
}

/** What keeps a disk from its set, so that its VM must not be switched off for it. */
export function blocksOn({ sets, vms }: Picture, disk: Disk): readonly string[] {
  const set = sets.find(({ region }) => sameId(region, disk.region));
  const sharers = vms.filter(({ id }) => disk.owners.some((owner) => sameId(owner, id)));
  const isShared = disk.isShared && sharers.some(({ powerState }) => powerState !== 'deallocated');
  return [
    ...(disk.heldBy === null ? [] : [`a disk of it had ${disk.heldBy}`]),
    ...(isShared ? ['a disk of it is shared'] : []),
    ...(set && set.problem !== null ? [`the key was ${set.problem}`] : []),
  ];
}

export function isExcluded({ policy, vms }: Picture, disk: Disk, atMs: number): boolean {
  if (policy === 'broken') return true;
  const owners = vms.filter(({ id }) => disk.owners.some((owner) => sameId(owner, id)));
  return (
    isTaggedOut(disk.tags, atMs) ||
    isListedOut(disk.id, policy, atMs) ||
    owners.some((vm) => isVmExcluded(vm, policy, atMs))
  );
}

function isVmExcluded(vm: Vm, policy: Exclude<Picture['policy'], 'broken'>, atMs: number): boolean {
  return isTaggedOut(vm.tags, atMs) || isListedOut(vm.id, policy, atMs);
}
