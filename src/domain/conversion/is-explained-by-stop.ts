import { classifyFailure, type FailureClass } from './classify-failure.ts';
import type { ConversionRecord } from './conversion-record.ts';
import { isShared } from './stop-for-failure.ts';

/** Disks that did not fail: those that were not tried, too. */
const WELL: readonly (string | null)[] = ['encrypted', 'gone', null];

/**
 * Whether a conversion failed for nothing but what has stopped its set, subscription or size: the
 * brake is on already, and a wider one would hold what is well.
 *
 * Read from codes alone, for the journal keeps no texts: what only a text explains counts as a failure.
 */
export function isExplainedByStop({
  disks,
  steps,
}: Pick<ConversionRecord, 'disks' | 'steps'>): boolean {
  const failed = disks.filter(({ outcome }) => !WELL.includes(outcome));
  // What a disk was refused with stands in its step, too.
  const ofVm = steps.flatMap(({ step, code }) => (step === 'encrypt' ? [] : (code ?? [])));
  if (failed.length === 0 && ofVm.length === 0) return false;
  return failed.every(({ code }) => code !== null && isOfDisk(code)) && ofVm.every(isOfVm);
}

function isOfDisk(code: string): boolean {
  return code === SET_STOPPED || meaning(code) === 'stop-set' || isOfVm(code);
}

function isOfVm(code: string): boolean {
  return isShared(meaning(code));
}

function meaning(code: string): FailureClass {
  return classifyFailure({ code, message: '' });
}

const SET_STOPPED = 'SetStopped';
