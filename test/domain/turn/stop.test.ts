import { expect, test } from 'vitest';
import { EVERYTHING, type Stop, stopFor, TOO_MUCH } from '../../../src/domain/turn/stop.ts';
import { setId } from '../../support/builders.ts';

function aStop(scope: string): Stop {
  return { scope, by: 'anna@contoso.com', reason: 'quarter end', atMs: 0 };
}

test.for<[stops: readonly string[], sets: readonly string[], stopped: string | null]>([
  [[], [setId('a')], null],
  [[EVERYTHING], [], EVERYTHING],
  [[TOO_MUCH], [setId('a')], TOO_MUCH],
  [[setId('a')], [setId('b')], null],
  [[setId('a')], [setId('b'), setId('a').toUpperCase()], setId('a')],
  [[setId('a'), EVERYTHING], [setId('b')], EVERYTHING],
])('stops %j are to sets %j as %s', ([stops, sets, stopped]) => {
  expect(stopFor(stops.map(aStop), sets)?.scope ?? null).toBe(stopped);
});

test.for([['everything'], ['too-much']])(
  '%s is a name that people may have written down',
  ([scope = '']) => {
    expect(stopFor([aStop(scope)], [])).toEqual(aStop(scope));
  },
);
