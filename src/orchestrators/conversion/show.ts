import type { OrchestrationContext } from 'durable-functions';
import type { VmConversion } from '../../domain/conversion/decide-vm-conversion.ts';
import type { ConversionStep, Progress } from '../../domain/conversion/progress.ts';

/** Shows how far an instance is, to `GET /api/conversions` and to people who look on. */
export function show(context: OrchestrationContext, progress: Omit<Progress, 'since'>): void {
  const since = context.df.currentUtcDateTime.toISOString();
  context.df.setCustomStatus({ ...progress, since } satisfies Progress);
}

/** Shows what keeps the step that is shown from ending. */
export function showProblem(context: OrchestrationContext, problem: string): void {
  const progress = context.df.customStatus as Progress;
  context.df.setCustomStatus({ ...progress, problem } satisfies Progress);
}

/** Shows that something else goes on than what was shown. */
export function showStep(context: OrchestrationContext, step: ConversionStep): void {
  const progress = context.df.customStatus as Progress;
  if (progress.step !== step) show(context, { ...progress, step });
}

/** Shows how far the conversion of a VM is. */
export function showConversion(
  context: OrchestrationContext,
  vmId: string,
  { changes, deallocate }: VmConversion,
  step: ConversionStep,
): void {
  show(context, { target: vmId, step, disks: changes.length, deallocate });
}
