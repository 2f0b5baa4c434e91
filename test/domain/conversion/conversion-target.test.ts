import { expect, test } from 'vitest';
import { vmOf } from '../../../src/domain/azure/vm-of.ts';
import {
  type ConversionTarget,
  onceEach,
  targetOf,
} from '../../../src/domain/conversion/conversion-target.ts';
import { diskId, vmId } from '../../support/builders.ts';

test('keeps the first of what names the same resource, in order', () => {
  const vm: ConversionTarget = { kind: 'vm', id: vmId('vm-1') };
  const disk: ConversionTarget = { kind: 'disk', id: diskId('data-1') };
  const vmAgain: ConversionTarget = { kind: 'vm', id: vmId('VM-1').toUpperCase() };
  const other: ConversionTarget = { kind: 'disk', id: diskId('data-2') };

  expect(onceEach([vm, disk, vmAgain, disk, other])).toEqual([vm, disk, other]);
});

test('leaves nothing of nothing', () => {
  expect(onceEach([])).toEqual([]);
});

test.for<[what: string, managedBy: string | null, target: ConversionTarget]>([
  ['by no one', null, { kind: 'disk', id: diskId('d') }],
  ['by a VM', vmId('VM-1'), { kind: 'vm', id: vmId('VM-1') }],
  ['by another disk', diskId('other'), { kind: 'disk', id: diskId('d') }],
  ['by what is no ARM ID', 'somebody', { kind: 'disk', id: diskId('d') }],
])('a disk that is held %s is converted with what holds it', ([, managedBy, target]) => {
  const disk = { id: diskId('d'), managedBy };

  expect(targetOf(disk)).toEqual(target);
  expect(vmOf(disk)).toBe(target.kind === 'vm' ? target.id : null);
});
