import { nameOf } from '../../domain/azure/arm-id.ts';
import { parseOutcome } from '../../domain/conversion/instance-outcome.ts';
import { type ConversionStep, parseProgress } from '../../domain/conversion/progress.ts';
import type { ConversionView } from '../../functions/http/conversion-view.ts';
import { describeView } from './describe-outcome.ts';

/** One VM or loose disk in the live table. */
export interface DemoRow {
  readonly name: string;
  readonly step: string;
  readonly disks: number;
  /** 0 to 1. */
  readonly done: number;
  /** Null when it has ended. */
  readonly secondsLeft: number | null;
  readonly state: 'running' | 'failed' | 'converted' | 'left alone';
}

/**
 * How long each step usually takes, in seconds: medians of recorded operations, with what passes
 * until the end of an operation is seen.
 */
const USUAL_SECONDS: Readonly<Record<ConversionStep, number>> = {
  judging: 1,
  waiting: 0,
  deallocating: 20,
  encrypting: 4,
  starting: 14,
  ended: 0,
};
const WITH_OUTAGE: readonly ConversionStep[] = [
  'judging',
  'deallocating',
  'encrypting',
  'starting',
];
const IN_PLACE: readonly ConversionStep[] = ['judging', 'encrypting'];

/**
 * The row of a conversion as it stands.
 *
 * @param speed how much faster than Azure the simulated one is.
 */
export function demoRow(view: ConversionView, nowMs: number, speed: number): DemoRow {
  const progress = parseProgress(view.progress);
  const named = { name: nameOf(view.target), disks: progress?.disks ?? 0 };
  if (view.status !== 'Running') {
    const state = stateOf(view);
    const done = state === 'left alone' ? 0 : 1;
    return { ...named, step: describeView(view), done, secondsLeft: null, state };
  }
  const step = progress?.step ?? 'judging';
  if (step === 'ended') return { ...named, step, done: 1, secondsLeft: 0, state: 'running' };
  const isDecided = step !== 'judging' && step !== 'waiting';
  const steps = progress?.deallocate === false && isDecided ? IN_PLACE : WITH_OUTAGE;
  const usual = (each: ConversionStep): number => USUAL_SECONDS[each] / speed + 0.3;
  const total = steps.reduce((sum, each) => sum + usual(each), 0);
  const place = steps.indexOf(step);
  // Its work has not begun while it waits, however long that takes.
  if (place === -1) return { ...named, step, done: 0, secondsLeft: total, state: 'running' };
  const before = steps.slice(0, place).reduce((sum, it) => sum + usual(it), 0);
  const inStep = (nowMs - Date.parse(progress?.since ?? '')) / 1000;
  const passed = before + Math.min(Math.max(inStep || 0, 0), usual(step) * 0.95);
  return { ...named, step, done: passed / total, secondsLeft: total - passed, state: 'running' };
}

function stateOf({ status, outcome }: ConversionView): DemoRow['state'] {
  if (status === 'Failed') return 'failed';
  const kind = parseOutcome(outcome)?.kind;
  return kind === 'converted' || kind === 'restored' ? 'converted' : 'left alone';
}
