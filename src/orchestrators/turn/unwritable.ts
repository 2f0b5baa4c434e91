import type { VmConversion } from '../../activities/conversion/plan-vm.ts';
import type { ConversionOutcome } from '../../domain/conversion/conversion-outcome.ts';

/** Nothing was begun, for the journal would not know of it. */
export function unwritable({
  changes,
}: Pick<VmConversion, 'changes'>): Extract<ConversionOutcome, { kind: 'deferred' }> {
  const detail = 'The journal cannot be written.';
  return { kind: 'deferred', reason: 'journal-unwritable', untilMs: null, detail, changes };
}
