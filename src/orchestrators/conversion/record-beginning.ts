import type { OrchestrationContext } from 'durable-functions';
import { beginRecord } from '../../activities/conversion/write-record.ts';
import type { Step } from '../../durable/steps.ts';
import { warn } from '../steps/warn.ts';
import type { Chronicle } from './chronicle.ts';

/** Writes that a conversion begins; false when the journal cannot be written, and nothing may begin. */
export function* recordBeginning(
  context: OrchestrationContext,
  { began }: Chronicle,
): Step<boolean> {
  try {
    yield* beginRecord.call(context, { record: began });
    return true;
  } catch (error) {
    warn(context, 'store.away', { target: began.target, reason: String(error) });
    return false;
  }
}
