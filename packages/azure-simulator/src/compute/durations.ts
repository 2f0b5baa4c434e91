import type { Random } from '../random.ts';
import { DURATIONS, type Quantiles } from './duration-tables.ts';

export type DurationKind = keyof typeof DURATIONS;

/** One operation in forty of the disk provider takes 20–28 s longer: an internal retry. */
const SLOW_MODE = { probability: 0.025, fromS: 20, toS: 28 };

/**
 * Draws how long an operation takes, in milliseconds.
 *
 * @param name what makes the draw its own: kind, resource and a count.
 */
export function drawDurationMs(kind: DurationKind, name: string, random: Random): number {
  const seconds = interpolate(DURATIONS[kind], random.at(name));
  return Math.round((seconds + slowModeS(kind, name, random)) * 1000);
}

function slowModeS(kind: DurationKind, name: string, random: Random): number {
  if (kind.startsWith('vm.') || kind === 'group.delete') return 0;
  if (random.at(`${name} slow`) >= SLOW_MODE.probability) return 0;
  return SLOW_MODE.fromS + (SLOW_MODE.toS - SLOW_MODE.fromS) * random.at(`${name} slower`);
}

function interpolate(table: Quantiles, probability: number): number {
  let lowP = 0;
  let lowS = table[0]?.[1] ?? 0;
  for (const [highP, highS] of table) {
    if (probability <= highP) {
      const part = highP === lowP ? 0 : (probability - lowP) / (highP - lowP);
      return lowS + part * (highS - lowS);
    }
    lowP = highP;
    lowS = highS;
  }
  return lowS;
}
