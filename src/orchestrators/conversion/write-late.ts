import { endRecord } from '../../activities/conversion/write-record.ts';
import type { ConversionRecord } from '../../domain/conversion/conversion-record.ts';
import { defineOrchestrator, type Step, sleep } from '../../durable/steps.ts';
import { warn } from '../steps/warn.ts';

export interface WriteLateInput {
  readonly record: ConversionRecord;
}

const PAUSE_MS = 30 * 60_000;
/** Two weeks of half hours. */
const MOST_ATTEMPTS = 672;

/** Writes a record that the journal could not take, once it is back. */
export const writeLate = defineOrchestrator(
  'writeLate',
  function* (context, { record }: WriteLateInput): Step<object> {
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      try {
        yield* endRecord.call(context, { record });
        return { kind: 'written' };
      } catch {
        yield* sleep(context, PAUSE_MS);
      }
    }
    warn(context, 'record.never-written', { record: JSON.stringify(record) });
    return { kind: 'never-written' };
  },
);
