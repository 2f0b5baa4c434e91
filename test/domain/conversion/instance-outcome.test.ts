import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  type InstanceOutcome,
  isOutcomeKind,
  parseOutcome,
  statusOfOutcome,
  type TargetResult,
} from '../../../src/domain/conversion/instance-outcome.ts';
import { vmId } from '../../support/builders.ts';

const ended = (...kinds: readonly TargetResult['outcome']['kind'][]) =>
  kinds.map((kind, place) => ({
    target: { kind: 'vm' as const, id: vmId(`vm-${place}`) },
    instanceId: null,
    outcome: { kind },
  }));

const conversion = {
  disks: [],
  skipped: [],
  verdicts: [],
  deallocated: true,
  vmProblem: null,
  vmLeftOff: false,
};

describe('parseOutcome', () => {
  test.for<[outcome: InstanceOutcome]>([
    [{ kind: 'gone' }],
    [{ kind: 'of-vm', vmId: vmId('vm-1') }],
    [{ kind: 'skipped', reason: 'busy', skipped: [] }],
    [{ kind: 'blocked', verdicts: [], skipped: [] }],
    [
      {
        kind: 'reported',
        mode: 'report',
        deallocate: false,
        changes: [],
        verdicts: [],
        skipped: [],
      },
    ],
    [{ kind: 'deferred', reason: 'rejected', untilMs: null, detail: '', changes: [] }],
    [{ kind: 'stopped' }],
    [{ kind: 'converted', ...conversion }],
    [{ kind: 'failed', ...conversion }],
    [{ kind: 'planned', results: [], finish: null }],
    [{ kind: 'done', results: ended('converted') }],
    [{ kind: 'unreadable', code: 'AuthorizationFailed' }],
    [{ kind: 'not-found', code: 'ResourceGroupNotFound', message: 'No.' }],
    [{ kind: 'too-many', code: 'too-many-resources', message: 'No.' }],
    [{ kind: 'left-off', code: 'AllocationFailed', afterRefusal: false }],
    [{ kind: 'restored', markProblem: null, afterRefusal: true }],
  ])('reads %j', ([outcome]) => {
    expect(parseOutcome(outcome)).toEqual(outcome);
  });

  test.for<[output: unknown]>([
    [null],
    [undefined],
    ['failed'],
    [1],
    [['failed']],
    [{}],
    [{ kind: 'failed' }],
    [{ kind: 'skipped', reason: 'busy' }],
    [{ kind: 'of-vm', vmId: 7 }],
    [{ kind: 'converted', ...conversion, deallocated: 'yes' }],
    [{ kind: 'converted', ...conversion, disks: {} }],
    [{ kind: 'rolled-back' }],
    [{ kind: 'toString' }],
  ])('does not take %j for one', ([output]) => {
    expect(parseOutcome(output)).toBeNull();
  });

  test('reads what every instance of earlier releases that people see has returned', () => {
    const seen = /^(convertVm|convertDisk|convertScope|restoreVm)$/;
    const recorded = globSync('test/histories/*.json')
      .map((file) => JSON.parse(readFileSync(file, 'utf8')))
      .filter(({ orchestrator }) => seen.test(orchestrator));
    const outputs = recorded.map(
      ({ history }) => history.findLast((it: object) => 'OrchestrationStatus' in it).Result,
    );

    expect(outputs.length).toBeGreaterThan(10);
    for (const output of outputs) expect(parseOutcome(output)).toEqual(output);
  });
});

const PLANNED_LATER: InstanceOutcome = {
  kind: 'planned',
  results: [
    {
      target: { kind: 'vm', id: vmId('a') },
      instanceId: null,
      outcome: { kind: 'deferred', reason: 'settling', untilMs: 1, detail: '', changes: [] },
      forecast: null,
    },
  ],
  finish: null,
};

describe('statusOfOutcome', () => {
  test.for<[status: string, outcome: InstanceOutcome | null]>([
    ['Failed', null],
    ['Succeeded', { kind: 'converted', ...conversion }],
    ['Failed', { kind: 'failed', ...conversion }],
    ['Failed', { kind: 'left-off', code: 'AllocationFailed', afterRefusal: false }],
    ['Succeeded', { kind: 'restored', markProblem: null, afterRefusal: false }],
    ['Failed', { kind: 'unreadable', code: 'AuthorizationFailed' }],
    ['Failed', { kind: 'not-found', code: 'ResourceGroupNotFound', message: '' }],
    ['Failed', { kind: 'too-many', code: 'too-many-resources', message: '' }],
    ['Deferred', { kind: 'deferred', reason: 'rejected', untilMs: null, detail: '', changes: [] }],
    ['Succeeded', PLANNED_LATER],
    ['Canceled', { kind: 'stopped' }],
    ['Canceled', { kind: 'stopped', results: ended('stopped', 'failed') }],
    ['Succeeded', { kind: 'done', results: [] }],
    ['Succeeded', { kind: 'done', results: ended('converted', 'deferred') }],
    ['Deferred', { kind: 'done', results: ended('deferred', 'deferred') }],
    ['Failed', { kind: 'done', results: ended('converted', 'failed') }],
    ['Failed', { kind: 'done', results: ended('deferred', 'crashed') }],
    ['Failed', { kind: 'done', results: ended('converted', 'unknown') }],
  ])('is %s for %j', ([status, outcome]) => {
    expect(statusOfOutcome(outcome)).toBe(status);
  });

  test('is never a success for what a later release made of a target', () => {
    const results = [{ ...ended('gone')[0], outcome: { kind: 'rolled-back' } }];
    const outcome = { kind: 'done', results } as unknown as InstanceOutcome;

    expect(isOutcomeKind('rolled-back')).toBe(false);
    expect(statusOfOutcome(outcome)).toBe('Failed');
  });
});
