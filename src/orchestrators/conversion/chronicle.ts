import type { OrchestrationContext } from 'durable-functions';
import type { ScheduledDiskConversion } from '../../activities/conversion/plan-disk.ts';
import type { ScheduledVmConversion } from '../../activities/conversion/plan-vm.ts';
import type {
  ConversionKey,
  ConversionRecord,
  RecordedStep,
} from '../../domain/conversion/conversion-record.ts';
import { describeDisks } from '../../domain/conversion/describe-record.ts';
import type { Requester } from '../../domain/people/requester.ts';

/** What one call to Azure leaves behind for its support to find. */
export interface CallTrace {
  readonly correlationId: string | null;
  readonly operationId: string | null;
}

type Beginning = Pick<
  ConversionRecord,
  'target' | 'requestedBy' | 'approvedBy' | 'policyDigest' | 'verdicts' | 'power' | 'disks'
>;

type Ending = Pick<ConversionRecord, 'power' | 'disks' | 'downtimeMs' | 'outcome'>;

/**
 * Collects what the journal will say of one conversion.
 *
 * It lives in the orchestrator's memory, which replay makes again: only its beginning and its end
 * are written, so that the journal can be away while a VM is off.
 */
export class Chronicle {
  readonly began: ConversionRecord;
  readonly #context: OrchestrationContext;
  readonly #steps: (RecordedStep & { readonly atMs: number })[] = [];

  constructor(context: OrchestrationContext, beginning: Beginning) {
    this.#context = context;
    const beganAt = this.#now();
    this.began = {
      ...beginning,
      id: conversionId(context),
      instanceId: context.df.instanceId,
      beganAt,
      endedAt: null,
      steps: [],
      downtimeMs: null,
      outcome: null,
    };
  }

  get key(): ConversionKey {
    const { id, beganAt } = this.began;
    return { id, beganAt };
  }

  /** Notes something that was done, or asked of Azure. */
  note(
    step: string,
    target: string,
    call: Partial<CallTrace & { code: string | null; message: string }> = {},
  ): void {
    const { code = null, message, correlationId = null, operationId = null } = call;
    const said = message === undefined ? {} : { message };
    const atMs = this.#context.df.currentUtcDateTime.getTime();
    const at = this.#now();
    this.#steps.push({ at, atMs, step, target, code, ...said, correlationId, operationId });
  }

  /** From the first of one kind of step to the last of another; null when there is none. */
  msBetween(first: string, last: string): number | null {
    const from = this.#steps.find(({ step }) => step === first)?.atMs;
    const to = this.#steps.findLast(({ step }) => step === last)?.atMs;
    return from === undefined || to === undefined ? null : to - from;
  }

  ended(ending: Ending): ConversionRecord {
    return {
      ...this.began,
      ...ending,
      endedAt: this.#now(),
      steps: this.#steps.map(({ atMs: _, ...step }) => step),
    };
  }

  #now(): string {
    return this.#context.df.currentUtcDateTime.toISOString();
  }
}

/** Another one for each conversion of the same VM, whose instance ID is always the same. */
export function conversionId(context: OrchestrationContext): string {
  return `${context.df.instanceId}-${context.df.currentUtcDateTime.getTime()}`;
}

/** What is known of a conversion before anything is done. */
export function beginningOf(
  target: string,
  plan: ScheduledVmConversion | ScheduledDiskConversion,
  requestedBy: Requester,
): Beginning {
  const { schedule, undecidable } = plan;
  const isVm = 'changes' in plan;
  const before = isVm ? (plan.deallocate ? 'running' : 'deallocated') : null;
  return {
    target,
    requestedBy,
    approvedBy: schedule.approvedBy,
    policyDigest: schedule.policyDigest,
    verdicts: [...(isVm ? plan.verdicts : []), ...undecidable],
    power: { before, after: null },
    disks: describeDisks(isVm ? plan.changes : [plan.change], []),
  };
}
