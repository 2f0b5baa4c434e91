import { expect, test } from 'vitest';
import {
  type ConversionTarget,
  onceEach,
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
