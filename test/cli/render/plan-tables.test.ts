import { expect, test } from 'vitest';
import { planMarkdown, planTables } from '../../../src/cli/render/plan-tables.ts';
import type { PlannedScope } from '../../../src/domain/conversion/planned-scope.ts';
import { verdict } from '../../../src/domain/gate/verdict.ts';
import { CUSTOMER_KEY, diskId, GROUP, setId, vmId } from '../../support/builders.ts';

const NOW_MS = Date.UTC(2026, 5, 1);
const change = {
  diskId: diskId('os'),
  diskEncryptionSetId: setId('des'),
  encryptionType: CUSTOMER_KEY,
};
const spot = verdict('warn', 'spot', 'It is a | Spot VM.', vmId('vm-1'));
const lock = verdict('blocked', 'read-only-lock', 'The lock l makes it read-only.', vmId('vm-2'));
const PLAN: PlannedScope = {
  kind: 'planned',
  results: [
    {
      target: { kind: 'vm', id: vmId('vm-1') },
      instanceId: null,
      outcome: {
        kind: 'reported',
        mode: 'enforce',
        deallocate: true,
        changes: [change],
        verdicts: [spot],
        skipped: [],
      },
      forecast: {
        id: vmId('vm-1'),
        order: 1,
        downtime: { lowMs: 26_400, highMs: 51_000 },
        beginsAtMs: NOW_MS,
        waitsFor: null,
      },
    },
    {
      target: { kind: 'vm', id: vmId('vm-2') },
      instanceId: null,
      outcome: { kind: 'blocked', verdicts: [lock], skipped: [] },
      forecast: null,
    },
  ],
  finish: { earliestMs: NOW_MS + 26_400, latestMs: NOW_MS + 51_000 },
};

test('a plan as tables: what is done in its order, what was found, when it ends', () => {
  const text = planTables(PLAN);

  expect(text).toMatch(/^1 {6}vm-1 .*switching the VM off +26-51 s +2026-06-01T00:00:00Z$/m);
  expect(text).toMatch(/^ +vm-2 +blocked: read-only-lock$/m);
  expect(text).toMatch(/^vm-2 +blocked +read-only-lock +The lock l .* +Take the lock away/m);
  expect(text).toContain('it ends between 2026-06-01T00:00:26Z and 2026-06-01T00:00:51Z.');
});

test('a plan says what is stopped', () => {
  const [first] = PLAN.results;
  if (first?.forecast == null) throw new Error('The plan has a forecast.');
  const stopped = { beginsAtMs: null, waitsFor: 'stopped', detail: 'everything, by anna: freeze' };
  const plan = { ...PLAN, results: [{ ...first, forecast: { ...first.forecast, ...stopped } }] };

  expect(planTables(plan)).toMatch(/^1 {6}vm-1 .* stopped: everything, by anna: freeze$/m);
});

test('what stands in the way comes first, and what only Azure can tell once with its count', () => {
  const [first, second] = PLAN.results;
  if (first === undefined || second === undefined) throw new Error('The plan has two results.');
  const unknown = ['os', 'data-1', 'data-2'].map((name) =>
    verdict('undecidable', 'disk-encryption-history', 'Azure has no read for it.', diskId(name)),
  );
  const outcome = { ...first.outcome, verdicts: [...unknown, spot] } as typeof first.outcome;

  const text = planTables({ ...PLAN, results: [{ ...first, outcome }, second] });

  const [, found = ''] = text.split('\n\n');
  expect(
    found
      .split('\n')
      .slice(2)
      .map((line) => line.split(/ {2,}/).slice(0, 3)),
  ).toEqual([
    ['vm-2', 'blocked', 'read-only-lock'],
    ['os and 2 more', 'undecidable', 'disk-encryption-history'],
    ['vm-1', 'warn', 'spot'],
  ]);
});

test('a plan under the mode report says that nothing of it is done', () => {
  const [first] = PLAN.results;
  if (first === undefined) throw new Error('The plan has results.');
  const outcome = { ...first.outcome, mode: 'report' } as typeof first.outcome;
  const plan = { ...PLAN, results: [{ ...first, outcome }] };

  for (const text of [planTables(plan), planMarkdown(GROUP, plan)]) {
    expect(text).toMatch(/The policy's mode is report: nothing is converted/);
  }
  expect(planTables(PLAN)).not.toContain('mode is report');
});

test('a plan as Markdown links each check to its page, and no text breaks its tables', () => {
  const text = planMarkdown(GROUP, PLAN);

  expect(text).toContain(`# Plan for ${GROUP}`);
  expect(text).toContain('[spot](https://learn.microsoft.com/azure/virtual-machines/spot-vms)');
  expect(text).toContain('It is a \\| Spot VM.');
  const rows = text.split('\n').filter((line) => line.startsWith('|'));
  expect(rows.every((row) => row.endsWith('|'))).toBe(true);
});

test('an empty plan says so', () => {
  const empty: PlannedScope = { kind: 'planned', results: [], finish: null };

  expect(planTables(empty)).toBe('There is nothing to convert.');
  expect(planMarkdown(GROUP, empty)).toContain('Nothing begins by itself.');
});

test('a plan tells what is to be done, and why not now', () => {
  const [first] = PLAN.results;
  if (first?.outcome.kind !== 'reported' || first.forecast === null) throw new Error('It is one.');
  const { outcome, forecast, ...about } = first;
  const { mode, deallocate, changes, verdicts, skipped } = outcome;
  const rest = { mode, deallocate, changes, verdicts, skipped };
  const later = {
    kind: 'deferred',
    reason: 'outside-window',
    untilMs: NOW_MS,
    detail: '',
  } as const;
  const asked = { ...later, reason: 'awaits-approval', detail: 'a1b2' } as const;
  const waits = { ...forecast, beginsAtMs: null, waitsFor: 'awaits-approval' };
  const results = [
    { ...about, outcome: { ...later, ...rest }, forecast },
    { ...about, outcome: { ...asked, ...rest }, forecast: waits },
    { ...about, outcome: { ...later, reason: 'settling', changes: [] } as const, forecast: null },
  ];

  const text = planTables({ ...PLAN, results });

  expect(text).toMatch(/would convert 1 disk, .* 2026-06-01T00:00:00Z outside-window$/m);
  expect(text).toMatch(/would convert 1 disk, .* awaits-approval until 2026-\S+ \(a1b2\)$/m);
  expect(text).toMatch(/^ +vm-1 +deferred: settling, until 2026-06-01T00:00:00.000Z$/m);
});

test('a plan of too much says that nothing of it would be done', () => {
  const tooMany = { kind: 'too-many', code: 'too-many-resources', message: '9 of 3.' } as const;

  expect(planTables({ ...PLAN, tooMany })).toContain(
    'NOTHING WOULD BE DONE: too-many-resources: 9 of 3.',
  );
  expect(planTables(PLAN)).not.toContain('NOTHING WOULD BE DONE');
});
