import type { Truth } from '@keyturn/azure-simulator/truth';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { demoSummary } from '../../../src/cli/render/demo-summary.ts';
import { PLATFORM_KEY } from '../../../src/domain/azure/disk.ts';
import type { PlannedTarget } from '../../../src/domain/conversion/planned-scope.ts';
import type { ConversionView } from '../../../src/functions/http/conversion-view.ts';
import { CUSTOMER_KEY, diskId, vmId } from '../../support/builders.ts';

function aTruth(keys: Readonly<Record<string, string>>, vms: Truth['vms'] = []): Truth {
  const disks = Object.entries(keys).map(([name, encryptionType]) => ({
    id: diskId(name),
    region: 'westeurope',
    tags: {},
    owners: [],
    isShared: false,
    heldBy: null,
    encryptionType,
    diskEncryptionSetId: null,
    diskState: 'Unattached',
    managedBy: null,
    keyState: 'usable' as const,
  }));
  return {
    disks,
    vms,
    encryptionSets: [],
    requests: {},
    notSimulated: [],
    pendingEvents: 0,
    throttled: 0,
    subscriptions: [],
    deadLetters: [],
    droppedEvents: 0,
    queues: [],
  };
}

function aVm(name: string, powerState: string, deallocations = 0): Truth['vms'][number] {
  const place = { region: 'westeurope', zones: [], availabilitySetId: null };
  const rest = { ...place, starts: 0, tags: {}, downtimes: [], limitMs: 0 };
  return { id: vmId(name), name, powerState, firstPowerState: 'running', deallocations, ...rest };
}

const skipped = (name: string, reason: string): PlannedTarget =>
  ({
    target: { kind: 'disk', id: diskId(name) },
    outcome: { kind: 'skipped', reason, skipped: [] },
  }) as unknown as PlannedTarget;

test('counts what was converted, what had a key, what was left alone and why', () => {
  const before = aTruth({ a: PLATFORM_KEY, b: PLATFORM_KEY, c: CUSTOMER_KEY, d: PLATFORM_KEY });
  const after = aTruth(
    { a: CUSTOMER_KEY, b: PLATFORM_KEY, c: CUSTOMER_KEY, d: PLATFORM_KEY, new: CUSTOMER_KEY },
    [aVm('vm-1', 'running', 1), aVm('vm-2', 'deallocated', 2)],
  );

  const summary = demoSummary(before, after, [], [skipped('b', 'active-sas')], 1.26);

  expect(summary).toEqual({
    disks: 5,
    converted: 2,
    skipped: { 'customer-key-already': 1, 'active-sas': 1, 'not-judged': 1 },
    failed: 0,
    vms: 2,
    vmsLeftOff: 1,
    deallocations: 3,
    seconds: 1.3,
  });
});

test('counts failed conversions, but not the request that asked for them', () => {
  const views = (['vm', 'disk', 'request', 'restore'] as const).map(
    (kind) => ({ kind, status: 'Failed' }) as ConversionView,
  );

  expect(demoSummary(aTruth({}), aTruth({}), views, [], 0).failed).toBe(3);
});

test('names a disk that its VM was skipped with by its own reason, whatever the case of its ID', () => {
  const keys = { a: PLATFORM_KEY };
  const plan = {
    target: { kind: 'vm', id: vmId('vm-1') },
    outcome: {
      kind: 'skipped',
      reason: 'nothing-to-do',
      skipped: [{ diskId: diskId('A').toUpperCase(), reason: 'ultra-disk' }],
    },
  } as unknown as PlannedTarget;

  expect(demoSummary(aTruth(keys), aTruth(keys), [], [plan], 0).skipped).toEqual({
    'ultra-disk': 1,
  });
});

test('every disk is counted once', () => {
  const key = fc.constantFrom(PLATFORM_KEY, CUSTOMER_KEY, null);
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const keys = fc.tuple(...names.map(() => fc.tuple(key, key, fc.boolean())));
  fc.assert(
    fc.property(keys, (drawn) => {
      const at = (when: 0 | 1) =>
        names.flatMap((name, place) => {
          const type = drawn[place]?.[when];
          return type ? [[name, type] as const] : [];
        });
      const [before, after] = [Object.fromEntries(at(0)), Object.fromEntries(at(1))];
      const plans = Object.entries(after)
        .filter(([name, type]) => type === PLATFORM_KEY && drawn[names.indexOf(name)]?.[2])
        .map(([name]) => skipped(name, `reason-${name}`));

      const summary = demoSummary(aTruth(before), aTruth(after), [], plans, 0);

      const left = Object.values(summary.skipped).reduce((sum, count) => sum + count, 0);
      expect(summary.converted + left).toBe(Object.keys(after).length);
    }),
  );
});
