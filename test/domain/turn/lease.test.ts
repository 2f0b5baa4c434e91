import { expect, test } from 'vitest';
import {
  addLease,
  type Lease,
  partExpired,
  withLeaseRenewed,
  withoutLease,
} from '../../../src/domain/turn/lease.ts';
import { vmId } from '../../support/builders.ts';

function aLease(name: string, differences: Partial<Lease> = {}): Lease {
  return {
    holder: `vm-${name}`,
    vmId: vmId(name),
    keys: ['vms', 'region/westeurope'],
    untilMs: 1_000,
    ...differences,
  };
}

const two = [aLease('1'), aLease('2')];

test.for<[what: string, caps: readonly (readonly [string, number | null])[], full: string | null]>([
  ['a place in each', [['vms', 3]], null],
  ['no place at all', [['vms', 2]], 'vms'],
  [
    'a place in one only',
    [
      ['vms', 3],
      ['region/westeurope', 2],
    ],
    'region/westeurope',
  ],
  ['a limit that is lower than what is held', [['vms', 1]], 'vms'],
  ['a key in other letters', [['REGION/WestEurope', 2]], 'REGION/WestEurope'],
  ['a limit of none', [['vms', null]], null],
  ['a limit of 0', [['zone/1', 0]], 'zone/1'],
  ['nothing shared', [['zone/1', 1]], null],
  ['no caps', [], null],
])('a third VM with %s', ([, caps, full]) => {
  const taking = addLease(two, {
    holder: 'vm-3',
    vmId: vmId('3'),
    caps: caps.map(([key, limit]) => ({ key, limit })),
    untilMs: 2_000,
  });

  if (full !== null) expect(taking).toEqual({ kind: 'full', key: full });
  else {
    const keys = caps.map(([key]) => key);
    expect(taking).toEqual({
      kind: 'taken',
      leases: [...two, { holder: 'vm-3', vmId: vmId('3'), keys, untilMs: 2_000 }],
    });
  }
});

test.for<[untilMs: number, kept: number]>([
  [5_000, 5_000],
  [500, 1_000],
])('who holds a lease keeps it, until %i at least, though all is full', ([untilMs, kept]) => {
  const caps = ['VMs', 'region/westeurope'].map((key) => ({ key, limit: 0 }));

  expect(addLease(two, { ...aLease('1'), caps, untilMs })).toEqual({
    kind: 'taken',
    leases: [aLease('1', { keys: ['VMs', 'region/westeurope'], untilMs: kept }), aLease('2')],
  });
});

test('who holds a lease from before needs a place under a cap that is new to it', () => {
  const vms = { key: 'vms', limit: 0 };
  const group = { key: 'group/dc', limit: 1 };
  const member = aLease('2', { keys: ['vms', group.key] });
  const take = (leases: readonly Lease[]) =>
    addLease(leases, { ...aLease('1'), caps: [vms, group], untilMs: 2_000 });

  expect(take([aLease('1'), member])).toEqual({ kind: 'full', key: group.key });
  expect(take(two)).toEqual({
    kind: 'taken',
    leases: [aLease('1', { keys: ['vms', group.key], untilMs: 2_000 }), aLease('2')],
  });
});

test('no two hold the same VM, in whatever letters', () => {
  const request = { holder: 'other', vmId: vmId('1').toUpperCase(), caps: [], untilMs: 2_000 };

  expect(addLease(two, request)).toEqual({ kind: 'full', key: `vm/${request.vmId}` });
});

test('a lease that is over counts until it is expired, and cannot be renewed afterwards', () => {
  const request = {
    holder: 'vm-3',
    vmId: vmId('3'),
    caps: [{ key: 'vms', limit: 2 }],
    untilMs: 9_000,
  };
  expect(addLease(two, request).kind).toBe('full');
  expect(withLeaseRenewed(two, 'vm-1', 4_000)).toEqual([
    aLease('1', { untilMs: 4_000 }),
    aLease('2'),
  ]);

  const { held, expired } = partExpired([aLease('1', { untilMs: 1_001 }), aLease('2')], 1_000);

  expect([held.map(({ holder }) => holder), expired]).toEqual([['vm-1'], [aLease('2')]]);
  expect(withLeaseRenewed(held, 'vm-2', 4_000)).toBeNull();
  expect(addLease(held, request).kind).toBe('taken');
});

test('a release takes nothing from others, and nothing a second time', () => {
  const left = withoutLease(two, 'vm-1');

  expect(left).toEqual([aLease('2')]);
  expect(withoutLease(left, 'vm-1')).toEqual(left);
});
