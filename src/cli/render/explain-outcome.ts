import { nameOf } from '../../domain/azure/arm-id.ts';
import type { ConversionOutcome } from '../../domain/conversion/conversion-outcome.ts';
import { parseOutcome } from '../../domain/conversion/instance-outcome.ts';

/** What a person has to know of how a conversion ended, beyond its line in a table. */
export function explainOutcome(target: string, output: unknown): readonly string[] {
  // It is known by its kind alone when its own conversion says no more.
  const outcome = parseOutcome(output);
  switch (outcome?.kind) {
    case 'blocked':
      return outcome.verdicts.map(
        ({ target: id, code, message, fix }) => `${nameOf(id)}: ${code}: ${message} ${fix}`,
      );
    case 'failed':
      return explainFailure(nameOf(target), outcome);
    case 'reported':
      return outcome.mode === 'report' ? [REPORT_MODE] : [];
    case 'deferred':
      return ['Deferred is not converted yet; keyturn status shows when it is.'];
    default:
      return [];
  }
}

/** Why nothing is done, whoever asks. */
export const REPORT_MODE =
  "The policy's mode is report: nothing is converted as long as it does not say mode: enforce.";

function explainFailure(
  name: string,
  outcome: Extract<ConversionOutcome, { vmLeftOff: boolean }>,
): readonly string[] {
  const { disks, deallocated, vmLeftOff, vmProblem, vmProblemMessage } = outcome;
  const ofVm = vmProblemMessage === undefined ? [] : [`${name}: ${vmProblem}: ${vmProblemMessage}`];
  if (outcome.vmProblemAt === 'mark') {
    return [...ofVm, `${name}: it could not be marked with keyturn:off-by, and was not touched.`];
  }
  const reasons = disks.flatMap((disk) => {
    if (disk.kind === 'refused') return [`${nameOf(disk.diskId)}: ${disk.code}: ${disk.message}`];
    return disk.kind === 'timed-out' ? [`${nameOf(disk.diskId)}: timed-out`] : [];
  });
  const encrypted = disks.filter(({ kind }) => kind === 'encrypted').length;
  const power = vmLeftOff
    ? ' THE VM IS LEFT OFF; keyturn goes on starting it.'
    : deallocated
      ? ' The VM runs again.'
      : '';
  return [...ofVm, ...reasons, `${name}: ${encrypted} of ${disks.length} disks converted.${power}`];
}
