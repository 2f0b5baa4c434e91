import { expect, test } from 'vitest';
import { capsOf } from '../../../src/domain/turn/caps-of.ts';
import { aPolicy, aVm, GROUP, setId } from '../../support/builders.ts';

const SET = `${GROUP}/providers/Microsoft.Compute/availabilitySets/as-1`;

test('a VM counts for all that it shares with others, limited or not', () => {
  const vm = aVm({
    region: 'WestEurope',
    availabilitySetId: SET,
    zone: '2',
    tags: { 'keyturn:Group': ' Domain Controllers ' },
  });
  const policy = aPolicy({
    caps: { vms: 10, perRegion: 4, perAvailabilitySet: 1, perZone: null, perEncryptionSet: 3 },
  });

  expect(capsOf(vm, [setId('a'), setId('A'), setId('b')], policy)).toEqual([
    { key: 'vms', limit: 10 },
    { key: 'region/westeurope', limit: 4 },
    { key: `availability-set${SET.toLowerCase()}`, limit: 1 },
    { key: 'zone/westeurope/2', limit: null },
    { key: `encryption-set${setId('a').toLowerCase()}`, limit: 3 },
    { key: `encryption-set${setId('b').toLowerCase()}`, limit: 3 },
    { key: 'group/domain controllers', limit: 1 },
  ]);
});

test('members of a flexible scale set are kept apart as those of an availability set are', () => {
  const scaleSetId = `${GROUP}/providers/Microsoft.Compute/virtualMachineScaleSets/VMSS-1`;
  const policy = aPolicy();

  expect(capsOf(aVm({ scaleSetId }), [], policy)).toContainEqual({
    key: `scale-set${scaleSetId.toLowerCase()}`,
    limit: policy.caps.perAvailabilitySet,
  });
});

test('a VM on its own counts for itself and its region', () => {
  const tags = { 'keyturn:group': ' ' };

  expect(capsOf(aVm({ tags }), [], aPolicy())).toEqual([
    { key: 'vms', limit: 10 },
    { key: 'region/westeurope', limit: null },
  ]);
});

test('a VM in a zone counts for it, up to the cap of zones', () => {
  const policy = aPolicy({
    caps: { vms: 1, perRegion: 2, perAvailabilitySet: 3, perZone: 4, perEncryptionSet: 5 },
  });

  expect(capsOf(aVm({ zone: '3' }), [], policy)).toEqual([
    { key: 'vms', limit: 1 },
    { key: 'region/westeurope', limit: 2 },
    { key: 'zone/westeurope/3', limit: 4 },
  ]);
});
