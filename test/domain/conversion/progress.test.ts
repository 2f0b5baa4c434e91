import { expect, test } from 'vitest';
import { parseProgress, parseRequestProgress } from '../../../src/domain/conversion/progress.ts';
import { GROUP, vmId } from '../../support/builders.ts';

const OF_VM = { target: vmId('vm-1'), step: 'starting', since: '', disks: 2, deallocate: true };
const OF_REQUEST = { target: GROUP, step: 'converting', targets: 3, ended: 1 };

test('reads what a conversion shows, and what a request shows, each as itself', () => {
  expect(parseProgress(OF_VM)).toEqual(OF_VM);
  expect(parseRequestProgress(OF_REQUEST)).toEqual(OF_REQUEST);
  expect(parseProgress(OF_REQUEST)).toBeNull();
  expect(parseRequestProgress(OF_VM)).toBeNull();
});

test.for<[shown: unknown]>([
  [null],
  [undefined],
  ['starting'],
  [{}],
  [{ step: 'starting' }],
  [{ ...OF_VM, step: 'flying' }],
  [{ ...OF_VM, step: undefined }],
])('does not take %j for one', ([shown]) => {
  expect(parseProgress(shown)).toBeNull();
  expect(parseRequestProgress(shown)).toBeNull();
});
