import { subscriptionOf } from '../../domain/azure/arm-id.ts';
import type { Vm } from '../../domain/azure/vm.ts';
import type { DiskChange } from '../../domain/conversion/decide-vm-conversion.ts';
import type { Person } from '../../domain/people/requester.ts';
import type { ConversionPolicy } from '../../domain/policy/conversion-policy.ts';
import {
  type Approval,
  type ApprovalUse,
  type StandingApproval,
  standsFor,
  useApproval,
} from '../../domain/turn/approval.ts';
import { capsOf } from '../../domain/turn/caps-of.ts';
import { decideTurn, type ScheduledTurn } from '../../domain/turn/decide-turn.ts';
import { type ExpectedDowntime, expectedDowntime } from '../../domain/turn/expected-downtime.ts';
import { firstWaveCap, sizeAndPlace } from '../../domain/turn/first-wave.ts';
import { addLease, type Cap } from '../../domain/turn/lease.ts';
import { type Machine, type Stop, stopFor } from '../../domain/turn/stop.ts';
import { describeStopScope } from '../../domain/turn/stop-scope.ts';
import { digestOf } from '../../durable/digest-of.ts';
import type { Services } from '../services.ts';
import { unlessAway } from '../unless-away.ts';

/** When a planned conversion may be carried out, and under what. */
export interface Schedule {
  /** When all of it was read, in ms since 1970: a VM is switched off on a fresh reading only. */
  readonly judgedAtMs: number;
  readonly turn: ScheduledTurn;
  readonly caps: readonly Cap[];
  /** In plans, the first cap without a place now; null or absent: all have one, or nobody looked. */
  readonly full?: string | null;
  /** What it takes to start it again; null where none is switched off. Absent in older histories. */
  readonly machine?: Machine | null;
  /** Of what is to be done: an approval is about this and nothing else. */
  readonly digest: string;
  readonly policyDigest: string;
  /** Null where no approval is needed, or none stands. */
  readonly approvedBy: Person | null;
  /** What stands of it, for this very plan; null where none does. Absent in older histories. */
  readonly approval?: StandingApproval | null;
  readonly expected: ExpectedDowntime;
}

interface Asking {
  readonly policy: ConversionPolicy;
  readonly nowMs: number;
  /** Who claimed the VM's approval already, if it is who asks; else null. */
  readonly usedBy: string | null;
}

/**
 * Says when a VM may be converted, by policy, tags, approval and stops as they are now. Only reads.
 *
 * @param vm null for a disk that no VM holds: nothing is switched off for it.
 */
export async function scheduleOf(
  { store }: Services,
  vm: Vm | null,
  { changes }: { readonly changes: readonly DiskChange[] },
  { policy, nowMs, usedBy }: Asking,
): Promise<Schedule> {
  const setIds = changes.map(({ diskEncryptionSetId }) => diskEncryptionSetId);
  const digest = digestOf(
    changes.map(({ diskId, diskEncryptionSetId }) => `${diskId} ${diskEncryptionSetId}`).toSorted(),
  );
  const asks = policy.when === 'on-approval' && vm !== null && vm.powerState !== 'deallocated';
  const machine = vm === null || vm.powerState === 'deallocated' ? null : machineOf(vm);
  const known = await Promise.all([
    store.stops.read(),
    asks ? store.approvals.read(vm.id) : null,
    store.journal.samples(),
    machine === null ? null : store.starts.lastMs(sizeAndPlace(machine)),
    // A conversion looks when it takes its place.
    machine === null || usedBy !== null ? [] : store.leases.list(),
  ]).catch(unlessAway(null));
  const [stops, approval, samples, lastStartMs, leases] = known ?? [[], null, [], null, []];
  const approvedBy = approverOf(approval, { planDigest: digest, usedBy, atMs: nowMs });
  const expected = expectedDowntime(changes.length, samples);
  const subscriptionId = subscriptionOf(changes[0]?.diskId ?? '');
  const stop = stopFor(stops, { setIds, subscriptionId, machine });
  const turn = (): ScheduledTurn => {
    if (known === null) return { kind: 'store-away' };
    if (stop !== null) return { kind: 'stopped', reason: reasonOf(stop) };
    if (vm === null) return { kind: 'now' };
    return decideTurn({ vm, policy, isApproved: approvedBy !== null, nowMs, expected });
  };
  const caps = [
    ...(vm === null ? [] : capsOf(vm, setIds, policy)),
    ...(machine === null ? [] : [firstWaveCap(machine, lastStartMs, nowMs)]),
  ];
  const place = { holder: '', vmId: vm?.id ?? '', caps, untilMs: nowMs };
  const taking = addLease(leases, place);
  return {
    judgedAtMs: nowMs,
    turn: turn(),
    caps,
    ...(usedBy === null ? { full: taking.kind === 'full' ? taking.key : null } : {}),
    machine,
    digest,
    policyDigest: digestOf(policy),
    approvedBy,
    approval: standingOf(approval, digest, nowMs),
    expected,
  };
}

function machineOf({ size, region, zone }: Vm): Machine {
  return { size, region, zone };
}

/** What is stopped, by whom and why. */
function reasonOf({ scope, by, reason }: Stop): string {
  return `${describeStopScope(scope)}, by ${by}: ${reason}`;
}

/** What a conversion would ask for again, and be answered with. */
function standingOf(
  approval: Approval | null,
  planDigest: string,
  requestedAtMs: number,
): StandingApproval | null {
  if (approval === null || !standsFor(approval, { planDigest, requestedAtMs })) return null;
  const { id, deadlineMs, decision } = approval;
  return { id, deadlineMs, decision };
}

/** Who approved just this, for a conversion that has not been made yet. */
function approverOf(approval: Approval | null, use: ApprovalUse): Person | null {
  const answer = useApproval(approval, use);
  return answer.kind === 'accepted' ? (answer.approval.decision?.by ?? null) : null;
}
