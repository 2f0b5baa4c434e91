import type { OrchestrationContext } from 'durable-functions';
import { endRecord } from '../../activities/conversion/write-record.ts';
import { stopAfterFailures } from '../../activities/turn/stop-after-failures.ts';
import { alertAbout } from '../../domain/alert/alert.ts';
import { type ConversionRecord, wasTouched } from '../../domain/conversion/conversion-record.ts';
import { describeFailure } from '../../domain/conversion/describe-record.ts';
import type { Step } from '../../durable/steps.ts';
import { raiseAlert } from '../alert/raise-alert.ts';
import { startAtOnce } from '../steps/start-at-once.ts';
import { warn } from '../steps/warn.ts';
import { writeLate } from './write-late.ts';

/**
 * Writes how a conversion ended. A journal that is away gets it later, from an instance that does
 * nothing else. Never throws: the VM runs, and its outcome stands.
 */
export function* recordEnd(context: OrchestrationContext, record: ConversionRecord): Step<void> {
  try {
    yield* endRecord.call(context, { record });
  } catch {
    yield* recordLater(context, record);
  }
  if (record.outcome === 'failed') yield* alertOfFailure(context, record);
}

function* recordLater(context: OrchestrationContext, record: ConversionRecord): Step<void> {
  const summary = 'The journal cannot be written; what was done is kept and written later.';
  raiseAlert(context, alertAbout('journal-late', record.target, summary));
  const requests = [
    { orchestrator: writeLate.name, instanceId: `late-${record.id}`, input: { record } },
  ];
  try {
    yield* startAtOnce(context, requests);
  } catch {
    warn(context, 'record.never-written', { record: JSON.stringify(record) });
  }
}

function* alertOfFailure(context: OrchestrationContext, record: ConversionRecord): Step<void> {
  const { code, summary } = describeFailure(record);
  raiseAlert(context, alertAbout('conversion-failed', record.target, summary, code));
  if (!wasTouched(record)) return;
  if (!(yield* stopIfTooManyFailed(context))) return;
  const why = 'Too many conversions failed within a day: nothing more is begun.';
  raiseAlert(context, alertAbout('everything-stopped', 'keyturn', why, code));
}

/** A store that is away, or a policy that is broken, lets nothing begin anyway. */
function* stopIfTooManyFailed(context: OrchestrationContext): Step<boolean> {
  try {
    return (yield* stopAfterFailures.call(context, {})).stopped;
  } catch {
    return false;
  }
}
