import type { Answer, Azure } from '../../azure/azure.ts';
import type { Vm } from '../../domain/azure/vm.ts';
import { decideVmConversion, type VmPlan } from '../../domain/conversion/decide-vm-conversion.ts';
import type { HeldVm } from '../../domain/conversion/held-vm.ts';
import { judgeDeallocation } from '../../domain/gate/judge-deallocation.ts';
import type { DiskJudgement } from '../../domain/gate/judge-disk.ts';
import { judgeTimeZone } from '../../domain/gate/judge-time-zone.ts';
import { type Verdict, verdict } from '../../domain/gate/verdict.ts';
import type { ConversionPolicy } from '../../domain/policy/conversion-policy.ts';
import { mayBeInScope } from '../../domain/policy/is-in-scope.ts';
import { defineActivity } from '../../durable/steps.ts';
import { judgeReadDisk } from '../gate/judge-read-disk.ts';
import { diskFactsReader } from '../gate/read-disk-facts.ts';
import { readVmFacts } from '../gate/read-vm-facts.ts';
import { unlessThrottled } from '../gate/reading.ts';
import type { Services } from '../services.ts';
import { type Schedule, scheduleOf } from '../turn/schedule-of.ts';
import { unlessAway } from '../unless-away.ts';
import { findHold } from './find-hold.ts';

interface Input {
  readonly vmId: string;
  /** Who claimed the VM's approval already, if it is who asks; else null. */
  readonly usedBy: string | null;
  /** The conversion that holds the VM, if it is who asks; absent: none. */
  readonly conversionId?: string;
  /** ARM IDs of disks that were converted a moment ago, and need no second look; absent: none. */
  readonly convertedIds?: readonly string[];
}

/** The plan that is carried out, and when. */
export type ScheduledVmConversion = Extract<VmPlan, { kind: 'convert' }> & {
  readonly schedule: Schedule;
};

/** What shall happen to one VM, and when. */
export type PlannedVm = Exclude<VmPlan, { kind: 'convert' }> | ScheduledVmConversion | HeldVm;

/** ARM IDs of the disk encryption sets that a plan puts disks onto. */
export function setIdsOf({ changes }: Pick<ScheduledVmConversion, 'changes'>): readonly string[] {
  return [...new Set(changes.map(({ diskEncryptionSetId }) => diskEncryptionSetId))];
}

/**
 * Reads a VM and all that its disks depend on, and says what shall happen to it.
 *
 * Changes nothing, so it may be repeated, and is: right before the VM is switched off.
 */
export const planVm = defineActivity(
  'planVm',
  { attempts: 5, firstDelayMs: 5_000 },
  (services: Services) =>
    async (input: Input): Promise<Answer<PlannedVm>> => {
      const { vmId, usedBy, conversionId, convertedIds = [] } = input;
      const { azure, policy } = services;
      const allowed = await policy();
      const nowMs = Date.now();
      if (!mayBeInScope(vmId, allowed)) {
        return ok({ kind: 'skip', reason: 'out-of-scope', skipped: [] });
      }
      const vm = await azure.readVm(vmId);
      if (vm.status !== 'ok') return vm;
      if (vm.value === null) return ok({ kind: 'gone' });
      const held = await heldByAnother(services, vm.value, conversionId);
      if (held !== null) return ok(held);

      const diskIds = vm.value.diskIds.filter((id) => !convertedIds.includes(id));
      const judged = await judgeDisks(azure, { ...vm.value, diskIds }, allowed, nowMs);
      if (judged.status !== 'ok') return judged;
      const against = await againstDeallocation(azure, vm.value, judged.value, allowed, nowMs);
      if (against.status !== 'ok') return against;
      const plan = decideVmConversion(vm.value, judged.value, allowed, nowMs, against.value);
      if (plan.kind !== 'convert') return ok(plan);
      const asking = { usedBy, nowMs, policy: allowed };
      const undecidable = [...plan.undecidable, ...judgeTimeZone(vm.value, allowed)];
      const schedule = await scheduleOf(services, vm.value, plan, asking);
      return ok({ ...plan, undecidable, schedule });
    },
);

/** Without the store nobody knows, and nothing is begun anyway. */
async function heldByAnother(
  { store }: Services,
  vm: Vm,
  conversionId: string | undefined,
): Promise<HeldVm | null> {
  const held = await findHold(store, vm).catch(unlessAway(null));
  return held === null || (held.conversionId ?? conversionId) === conversionId ? null : held;
}

async function judgeDisks(
  azure: Azure,
  vm: Vm,
  policy: ConversionPolicy,
  nowMs: number,
): Promise<Answer<readonly DiskJudgement[]>> {
  const { diskIds } = vm;
  const answers = await Promise.all(diskIds.map((id) => azure.readDisk(id)));
  const failed = answers.find((answer) => answer.status !== 'ok');
  if (failed) return failed;

  const disks = answers.flatMap((answer) => (answer.status === 'ok' ? (answer.value ?? []) : []));
  const missing = diskIds.filter((_, place) => {
    const answer = answers[place];
    return answer?.status === 'ok' && answer.value === null;
  });
  const readFacts = diskFactsReader(azure, policy, vm);
  const judgements = disks.map((disk) => judgeReadDisk(disk, vm, readFacts, policy, nowMs));
  return unlessThrottled(() => Promise.all([...judgements, ...missing.map(notFound)]));
}

/** Asks only where a VM that runs has something to convert, and may be switched off for it. */
async function againstDeallocation(
  azure: Azure,
  vm: Vm,
  judgements: readonly DiskJudgement[],
  policy: ConversionPolicy,
  nowMs: number,
): Promise<Answer<readonly Verdict[]>> {
  const hasWork = judgements.some(({ kind }) => kind !== 'skip');
  if (!hasWork || vm.powerState !== 'running' || !policy.mayDeallocate) return NOTHING_AGAINST;
  return unlessThrottled(async () =>
    judgeDeallocation(vm, await readVmFacts(azure, vm), policy, nowMs),
  );
}

const NOTHING_AGAINST = { status: 'ok', value: [] } as const;

/** The VM shows it, Azure does not find it: nobody knows what is on it, so the VM stays on. */
function notFound(diskId: string): DiskJudgement {
  const message = 'The VM has this disk, but Azure does not find it.';
  const verdicts = [verdict('unreadable', 'disk-not-found', message, diskId)];
  return { kind: 'blocked', diskId, verdicts };
}

function ok(plan: PlannedVm): Answer<PlannedVm> {
  return { status: 'ok', value: plan };
}
