import { describe, expect, test } from 'vitest';
import { notFound } from '../../../src/cli/app/not-found.ts';
import { problemsIn } from '../../../src/cli/app/wait-for-request.ts';
import { describeOutcome, describeView } from '../../../src/cli/render/describe-outcome.ts';
import { explainOutcome } from '../../../src/cli/render/explain-outcome.ts';
import { table } from '../../../src/cli/render/table.ts';
import { logLine } from '../../../src/cli/serving/log-line.ts';
import type {
  InstanceOutcome,
  TargetResult,
} from '../../../src/domain/conversion/instance-outcome.ts';
import type { ConversionView } from '../../../src/functions/http/conversion-view.ts';
import { diskId, GROUP, vmId } from '../../support/builders.ts';

const DISK = diskId('data-1');
const reported = {
  kind: 'reported',
  mode: 'enforce',
  deallocate: true,
  changes: [],
  verdicts: [],
};
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
    {
      kind: 'deferred',
      reason: 'no-free-place',
      untilMs: null,
      detail: 'region/westeurope',
      changes: [],
    },
  ],
  [
    'deferred: outside-window, until 2026-03-01T10:00:00.000Z',
    {
      kind: 'deferred',
      reason: 'outside-window',
      untilMs: 1_772_359_200_000,
      detail: '',
      changes: [],
    },
  ],
  ['would convert 1 disk', { ...reported, deallocate: false, changes: [{}] }],
  ['would convert 2 disks, switching the VM off', { ...reported, changes: [{}, {}] }],
  ['converted 1 disk', { kind: 'converted', ...ended, disks: [{ diskId: DISK, kind: 'gone' }] }],
  [
    'done: 2 converted, 1 deferred',
    {
      kind: 'done',
      results: ['converted', 'deferred', 'converted'].map((kind) => ({ outcome: { kind } })),
    },
  ],
  ['unknown outcome rolled-back', { kind: 'rolled-back', disks: [] }],
  ['crashed', 'Error: …'],
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
  [
    'deallocating',
    { status: 'Running', progress: { step: 'deallocating', since: '' }, outcome: null },
  ],
  [
    'converting',
    { status: 'Running', progress: { step: 'converting', targets: 2, ended: 1 }, outcome: null },
  ],
  [
    'starting since 2026-03-01T10:00:00.000Z: AllocationFailed, THE VM IS OFF',
    {
      status: 'Running',
      progress: {
        step: 'starting',
        since: '2026-03-01T10:00:00.000Z',
        problem: 'AllocationFailed',
      },
      outcome: null,
    },
  ],
  ['gone', { status: 'Succeeded', progress: { step: 'ended' }, outcome: { kind: 'gone' } }],
  ['crashed', { status: 'Failed', progress: { step: 'starting' }, outcome: 'Error: …' }],
])('a conversion reads %j', ([words, view]) => {
  expect(describeView(view as ConversionView)).toBe(words);
});

test.for<[lines: readonly string[], outcome: object]>([
  [
    ['data-1: OperationNotAllowed: No.', 'vm-1: 1 of 2 disks converted. The VM runs again.'],
    { kind: 'failed', ...ended, disks: [refused, { diskId: diskId('os'), kind: 'encrypted' }] },
  ],
  [
    ['vm-1: 0 of 0 disks converted. THE VM IS LEFT OFF; keyturn goes on starting it.'],
    { kind: 'failed', ...ended, vmLeftOff: true, disks: [] },
  ],
  [
    ['data-1: timed-out', 'vm-1: 0 of 1 disks converted.'],
    { kind: 'failed', ...ended, deallocated: false, disks: [{ diskId: DISK, kind: 'timed-out' }] },
  ],
  [[], { kind: 'failed' }],
  [[], { kind: 'rolled-back' }],
  [[], { kind: 'converted', ...ended, disks: [] }],
  [[], reported],
  [
    ["The policy's mode is report: nothing is converted as long as it does not say mode: enforce."],
    { ...reported, mode: 'report' },
  ],
  [
    ['Deferred is not converted yet; keyturn status shows when it is.'],
    { kind: 'deferred', reason: 'stop-standing', untilMs: null, detail: '', changes: [] },
  ],
])('a person is told %j', ([lines, outcome]) => {
  expect(explainOutcome(vmId('vm-1'), outcome)).toEqual(lines);
});

test.for<[line: object, said: object]>([
  [
    { level: 'info', message: 'It is up.' },
    { level: 'info', message: 'It is up.' },
  ],
  [
    { level: 'info', functionName: 'sweep', message: '{"event":"alert","type":"vm-left-off"}' },
    { level: 'info', functionName: 'sweep', event: 'alert', type: 'vm-left-off' },
  ],
  [
    { level: 'error', message: '{no JSON' },
    { level: 'error', message: '{no JSON' },
  ],
])('a line of the log has its time, and no JSON in JSON: %j', ([line, said]) => {
  const at = '2026-03-01T10:00:00.000Z';

  expect(JSON.parse(logLine(line, new Date(at)))).toEqual({ at, ...said });
});

test('who waits for a group is told of its VMs that do not start', () => {
  const progress = {
    step: 'starting',
    since: '2026-03-01T10:00:00.000Z',
    problem: 'AllocationFailed',
  };
  const views = [
    { status: 'Running', target: vmId('VM-1').toUpperCase(), progress },
    { status: 'Running', target: vmId('vm-2'), progress: { ...progress, problem: undefined } },
    { status: 'Succeeded', target: vmId('vm-3'), progress },
    { status: 'Running', target: vmId('vm-4').replace(GROUP, `${GROUP}-2`), progress },
  ] as unknown as readonly ConversionView[];

  expect(problemsIn(views, GROUP)).toEqual([
    'VM-1: starting since 2026-03-01T10:00:00.000Z: AllocationFailed, THE VM IS OFF',
  ]);
});

const resultOf = (name: string, kind: 'gone'): TargetResult => ({
  target: { kind: 'vm', id: vmId(name) },
  instanceId: null,
  outcome: { kind },
});

test.for<[missing: string | null, outcome: InstanceOutcome]>([
  [
    'ResourceGroupNotFound: No.',
    { kind: 'not-found', code: 'ResourceGroupNotFound', message: 'No.' },
  ],
  [
    `ResourceNotFound: Azure has no ${vmId('vm-1')}.`,
    { kind: 'done', results: [resultOf('VM-1', 'gone')] },
  ],
  [null, { kind: 'done', results: [resultOf('vm-2', 'gone')] }],
  [null, { kind: 'done', results: [] }],
])('a target is missing: %s', ([missing, outcome]) => {
  expect(notFound(vmId('vm-1'), outcome)).toBe(missing);
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
