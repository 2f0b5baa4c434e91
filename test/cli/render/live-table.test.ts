import { expect, test } from 'vitest';
import type { DemoRow } from '../../../src/cli/render/demo-row.ts';
import { liveTable } from '../../../src/cli/render/live-table.ts';

const frame = {
  ...{ disks: 20, disksConverted: 3, disksToConvert: 9 },
  ...{ vmsOff: 1, seconds: 4.4, footer: 'The end.' },
};
const STATES: readonly DemoRow['state'][] = ['left alone', 'converted', 'failed', 'running'];

function aRow(name: string, differences: Partial<DemoRow> = {}): DemoRow {
  const row = { name, step: 'judging', disks: 1, done: 0.5, secondsLeft: 2.2, state: 'running' };
  return { ...row, ...differences } as DemoRow;
}

function manyRows(count: number): readonly DemoRow[] {
  return Array.from({ length: count }, (_, place) =>
    aRow(`vm-with-a-name-that-is-much-too-long-for-a-column-${place}`, {
      state: STATES[place % STATES.length] ?? 'running',
      secondsLeft: null,
    }),
  );
}

test('fits into every terminal', () => {
  for (let height = 1; height <= 60; height += 1) {
    for (const width of [1, 2, 20, 40, 80, 120, 300]) {
      for (const count of [0, 1, 5, 18, 19, 20, 100]) {
        const lines = liveTable(manyRows(count), frame, { width, height });

        expect(lines.length).toBeLessThanOrEqual(height);
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
      }
    }
  }
});

test('shows every row when there is room for just all of them, and counts the rest when not', () => {
  const size = { width: 80, height: 14 };

  expect(liveTable(manyRows(10), frame, size)).toHaveLength(14);
  expect(liveTable(manyRows(10), frame, size).join()).not.toContain('more');
  expect(liveTable(manyRows(11), frame, size).at(-2)).toBe('… and 2 more');
  expect(liveTable(manyRows(11), frame, size).at(-1)).toBe('The end.');
});

test('puts what runs first, then failures, what is converted, and what was left alone', () => {
  const rows = STATES.map((state) => aRow(state, { state }));

  const lines = liveTable(rows, frame, { width: 120, height: 20 });

  const names = lines.slice(3, 7).map((line) => line.split(/\s{2,}/)[0]);
  expect(names).toEqual(['running', 'failed', 'converted', 'left alone']);
});

test('says in its first line how far it is', () => {
  const rows = [aRow('a', { secondsLeft: 2.2 }), aRow('b', { secondsLeft: 7.1 })];
  const size = { width: 120, height: 20 };

  expect(liveTable(rows, frame, size)[0]).toBe(
    '3 of 9 disks to convert done, 20 in all, 1 VM off, 4 s, about 8 s left',
  );
  expect(liveTable([], frame, size)[0]).toContain('nothing under way');
});

test('draws a bar of one width, even of a number out of its range', () => {
  const rows = [-1, 0, 0.5, 1, 2].map((done) => aRow(`${done}`, { done }));

  const bars = liveTable(rows, frame, { width: 120, height: 20 })
    .slice(3, 8)
    .map((line) => /[█░]+/.exec(line)?.[0]);

  expect(bars).toEqual([0, 0, 10, 20, 20].map((full) => '█'.repeat(full) + '░'.repeat(20 - full)));
});
