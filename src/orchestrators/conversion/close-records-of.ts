import type { OrchestrationContext } from 'durable-functions';
import { closeRecords } from '../../activities/conversion/write-record.ts';
import type { Step } from '../../durable/steps.ts';
import { warn } from '../steps/warn.ts';

/** Closes what a VM's conversion did not live to write. The VM runs, whatever the journal does. */
export function* closeRecordsOf(context: OrchestrationContext, target: string): Step<void> {
  const untilMs = context.df.currentUtcDateTime.getTime();
  try {
    yield* closeRecords.call(context, { target, outcome: 'restored', untilMs });
  } catch {
    warn(context, 'record.not-closed', { target });
  }
}
