import fc from 'fast-check';
import { expect, test } from 'vitest';
import { forecast, type PlannedConversion } from '../../../src/domain/conversion/forecast.ts';

const NOW_MS = Date.UTC(2026, 5, 1);
const MINUTE_MS = 60_000;

function planned(id: string, differences: Partial<PlannedConversion> = {}): PlannedConversion {
  return {
    id,
    deallocate: true,
    turn: { kind: 'now' },
    caps: [],
    expected: { lowMs: MINUTE_MS, highMs: 2 * MINUTE_MS },
    ...differences,
  };
}

test('all begin at once where no cap is full', () => {
  expect(forecast([planned('a'), planned('b')], NOW_MS)).toEqual({
    conversions: ['a', 'b'].map((id, place) => ({
      id,
      order: place + 1,
      downtime: { lowMs: MINUTE_MS, highMs: 2 * MINUTE_MS },
      beginsAtMs: NOW_MS,
      waitsFor: null,
    })),
    finish: { earliestMs: NOW_MS + MINUTE_MS, latestMs: NOW_MS + 2 * MINUTE_MS },
  });
});

test('a cap makes them wait for one another, and others pass them', () => {
  const caps = [{ key: 'group/dc', limit: 1 }];
  const plans = [planned('a', { caps }), planned('b', { caps }), planned('c')];

  const { conversions, finish } = forecast(plans, NOW_MS);

  expect(conversions.map(({ id, beginsAtMs }) => [id, (beginsAtMs ?? 0) - NOW_MS])).toEqual([
    ['a', 0],
    ['c', 0],
    ['b', 2 * MINUTE_MS],
  ]);
  expect(finish).toEqual({
    earliestMs: NOW_MS + 2 * MINUTE_MS,
    latestMs: NOW_MS + 4 * MINUTE_MS,
  });
});

test('a cap that only the first wave has is gone when one of it has ended', () => {
  const caps = [{ key: 'size/standard_e8s_v5/westeurope', limit: 2, untilOneEnded: true }] as const;
  const plans = ['a', 'b', 'c', 'd', 'e'].map((id) => planned(id, { caps }));

  const { conversions } = forecast(plans, NOW_MS);

  const begins = conversions.map(({ beginsAtMs }) => (beginsAtMs ?? 0) - NOW_MS);
  expect(begins).toEqual([0, 0, 2 * MINUTE_MS, 2 * MINUTE_MS, 2 * MINUTE_MS]);
});

test('what is off already takes no place and costs no downtime', () => {
  const caps = [{ key: 'vms', limit: 1 }];
  const plans = [planned('a', { caps, deallocate: false }), planned('b', { caps })];

  const { conversions } = forecast(plans, NOW_MS);

  expect(conversions.map(({ downtime, beginsAtMs }) => [downtime?.lowMs, beginsAtMs])).toEqual([
    [undefined, NOW_MS],
    [MINUTE_MS, NOW_MS],
  ]);
});

test('a window is waited for, and nobody knows when people and owners act', () => {
  const atMs = NOW_MS + 60 * MINUTE_MS;
  const plans = [
    planned('a', { turn: { kind: 'awaits-approval' } }),
    planned('b', { turn: { kind: 'awaits-deallocation' } }),
    planned('c', { turn: { kind: 'later', atMs } }),
  ];

  const { conversions, finish } = forecast(plans, NOW_MS);

  expect(conversions.map(({ id, waitsFor }) => [id, waitsFor])).toEqual([
    ['c', null],
    ['a', 'awaits-approval'],
    ['b', 'awaits-deallocation'],
  ]);
  expect(finish).toEqual({ earliestMs: atMs + MINUTE_MS, latestMs: atMs + 2 * MINUTE_MS });
});

test('what is stopped says what, by whom and why', () => {
  const reason = 'VMs of size Standard_E8s_v5 in zone 2 of westeurope, by keyturn: no room';

  const { conversions, finish } = forecast(
    [planned('a', { turn: { kind: 'stopped', reason } })],
    NOW_MS,
  );

  expect(conversions).toMatchObject([{ beginsAtMs: null, waitsFor: 'stopped', detail: reason }]);
  expect(finish).toBe(null);
});

test('there is no finish where nothing begins by itself', () => {
  expect(forecast([], NOW_MS)).toEqual({ conversions: [], finish: null });
});

test('never exceeds a cap', () => {
  const plan = fc.record({
    caps: fc.subarray([
      { key: 'a', limit: 1 },
      { key: 'b', limit: 2 },
    ]),
    deallocate: fc.boolean(),
    delayMs: fc.constantFrom(0, 0, 90_000),
  });
  fc.assert(
    fc.property(fc.array(plan, { maxLength: 12 }), (plans) => {
      const all = plans.map(({ delayMs, ...each }, place) =>
        planned(String(place), {
          ...each,
          turn: delayMs === 0 ? { kind: 'now' } : { kind: 'later', atMs: NOW_MS + delayMs },
        }),
      );
      const { conversions } = forecast(all, NOW_MS);
      const held = conversions.flatMap(({ id, beginsAtMs, downtime }) => {
        const its = all[Number(id)];
        if (!its || !downtime || beginsAtMs === null) return [];
        return its.caps.map((cap) => ({
          ...cap,
          from: beginsAtMs,
          to: beginsAtMs + downtime.highMs,
        }));
      });
      for (const { key, limit, from } of held) {
        const then = held.filter((it) => it.key === key && it.from <= from && it.to > from);
        expect(then.length).toBeLessThanOrEqual(limit ?? Infinity);
      }
    }),
  );
});

test('takes the first place that comes free, whenever the others end', () => {
  const caps = [{ key: 'vms', limit: 2 }];
  const minutes = (count: number) => ({ lowMs: 0, highMs: count * MINUTE_MS });
  const plans = [
    planned('long', { caps, expected: minutes(9) }),
    planned('short', { caps, expected: minutes(3) }),
    planned('next', { caps, expected: minutes(1) }),
    planned('last', { caps, expected: minutes(1) }),
  ];

  const { conversions } = forecast(plans, NOW_MS);

  expect(conversions.map(({ id, beginsAtMs }) => [id, (beginsAtMs ?? 0) - NOW_MS])).toEqual([
    ['long', 0],
    ['short', 0],
    ['next', 3 * MINUTE_MS],
    ['last', 4 * MINUTE_MS],
  ]);
});

test('never begins before its turn, though a place is free', () => {
  const caps = [{ key: 'vms', limit: 1 }];
  const atMs = NOW_MS + 60 * MINUTE_MS;
  const plans = [
    planned('now', { caps }),
    planned('later', { caps, turn: { kind: 'later', atMs } }),
  ];

  expect(forecast(plans, NOW_MS).conversions[1]).toMatchObject({ id: 'later', beginsAtMs: atMs });
});

test('what is off already takes no time, whoever waits for the same', () => {
  const caps = [{ key: 'vms', limit: 1 }];
  const plans = ['a', 'b'].map((id) => planned(id, { caps, deallocate: false }));

  const { conversions, finish } = forecast(plans, NOW_MS);

  expect(conversions.map(({ beginsAtMs }) => beginsAtMs)).toEqual([NOW_MS, NOW_MS]);
  expect(finish).toEqual({ earliestMs: NOW_MS, latestMs: NOW_MS });
});

test('who waits for a person has no time, and stays in the order of the plan', () => {
  const turn = { kind: 'awaits-approval' } as const;

  const { conversions } = forecast([planned('b', { turn }), planned('a', { turn })], NOW_MS);

  expect(conversions.map(({ id, beginsAtMs }) => [id, beginsAtMs])).toEqual([
    ['b', null],
    ['a', null],
  ]);
});
