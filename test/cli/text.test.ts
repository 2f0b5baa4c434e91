import { describe, expect, test } from 'vitest';
import { describeOutcome, describeView } from '../../src/cli/describe-outcome.ts';
import { table } from '../../src/cli/table.ts';
import type { ConversionView } from '../../src/functions/conversion-view.ts';
import { diskId, vmId } from '../support/builders.ts';

const DISK = diskId('data-1');
const ended = { skipped: [], verdicts: [], deallocated: true, vmProblem: null, vmLeftOff: false };
const refused = { diskId: DISK, kind: 'refused', code: 'OperationNotAllowed', message: 'No.' };

test.for<[words: string, outcome: unknown]>([
  ['gone', { kind: 'gone' }],
  ['stopped', { kind: 'stopped' }],
  ['restored', { kind: 'restored' }],
  ['crashed', 'an error text of the host'],
  ['crashed', null],
  ['crashed', undefined],
  ['converted', { kind: 'converted' }],
  ['handed over to its VM', { kind: 'of-vm', vmId: vmId('vm-1') }],
  ['skipped: vm-running', { kind: 'skipped', reason: 'vm-running', skipped: [] }],
  [
    'blocked: a, b',
    { kind: 'blocked', verdicts: ['a', 'b', 'a'].map((code) => ({ code })), skipped: [] },
  ],
  [
    'deferred: no-free-place (region/westeurope)',
    { kind: 'deferred', reason: 'no-free-place', untilMs: null, detail: 'region/westeurope' },
  ],
  [
    'deferred: outside-window, until 2026-03-01T10:00:00.000Z',
    { kind: 'deferred', reason: 'outside-window', untilMs: 1_772_359_200_000, detail: '' },
  ],
  ['would convert 1 disk', { kind: 'reported', deallocate: false, changes: [{}] }],
  [
    'would convert 2 disks, switching the VM off',
    { kind: 'reported', deallocate: true, changes: [{}, {}] },
  ],
  ['converted 1 disk', { kind: 'converted', ...ended, disks: [{ diskId: DISK, kind: 'gone' }] }],
  ['converted 0 disks', { kind: 'converted', ...ended, disks: [] }],
  ['failed: OperationNotAllowed', { kind: 'failed', ...ended, disks: [refused, refused] }],
  [
    'failed: AllocationFailed, timed-out, VM IS LEFT OFF',
    {
      kind: 'failed',
      ...ended,
      vmProblem: 'AllocationFailed',
      vmLeftOff: true,
      disks: [{ diskId: DISK, kind: 'timed-out' }],
    },
  ],
])('an outcome reads %j', ([words, outcome]) => {
  expect(describeOutcome(outcome)).toBe(words);
});

test.for<[words: string, view: Pick<ConversionView, 'status' | 'progress' | 'outcome'>]>([
  ['pending', { status: 'Running', progress: null, outcome: null }],
  ['deallocating', { status: 'Running', progress: { step: 'deallocating' }, outcome: null }],
  ['gone', { status: 'Succeeded', progress: { step: 'ended' }, outcome: { kind: 'gone' } }],
  ['crashed', { status: 'Failed', progress: { step: 'starting' }, outcome: 'Error: …' }],
])('a conversion reads %j', ([words, view]) => {
  expect(describeView(view as ConversionView)).toBe(words);
});

describe('a table', () => {
  test('aligns its columns and leaves no blanks at the end of a line', () => {
    const text = table(
      ['Name', 'Result'],
      [
        ['a-long-name', 'ok'],
        ['b', 'a long result'],
      ],
    );

    expect(text.split('\n')).toEqual([
      'Name         Result',
      '-----------  -------------',
      'a-long-name  ok',
      'b            a long result',
    ]);
  });

  test('of no rows is its headings', () => {
    expect(table(['Name', 'Result'], [])).toBe('Name  Result\n----  ------');
  });

  test('shows a missing cell as nothing', () => {
    expect(table(['A', 'B', 'C'], [['1'], ['1', '', '3']])).toBe('A  B  C\n-  -  -\n1\n1     3');
  });
});
