import type { OrchestrationContext } from 'durable-functions';
import { beginRecord } from '../../activities/conversion/write-record.ts';
import type { Step } from '../../durable/steps.ts';
import { tellJournalAway } from '../alert/tell-journal-away.ts';
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
    tellJournalAway(context, began.target, String(error));
    return false;
  }
}
