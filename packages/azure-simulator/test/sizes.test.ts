import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { generateEstate } from '../src/estate/generate-estate.ts';
import { exampleEstate } from '../src/example-estate.ts';
import { createSimulator, type Simulator } from '../src/simulator.ts';
import { all, clientsOf, inVirtualTime, refusal } from './clients.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

async function sizesOf(simulator: Simulator, location: string) {
  const { resourceSkus } = clientsOf(simulator).compute;
  const found = await all(resourceSkus.list({ filter: `location eq '${location}'` }));
  return new Map(found.map((sku) => [sku.name, sku]));
}

test.for<[size: string, expected: Readonly<Record<string, string>>]>([
  ['Standard_D2s_v3', { vCPUs: '2', MemoryGB: '8', MaxResourceVolumeMB: '16384' }],
  ['Standard_E8s_v3', { vCPUs: '8', MemoryGB: '64', MaxResourceVolumeMB: '131072' }],
  ['Standard_D4s_v5', { MaxResourceVolumeMB: '0', EphemeralOSDiskSupported: 'False' }],
  ['Standard_D4ds_v5', { MaxResourceVolumeMB: '153600', EphemeralOSDiskSupported: 'True' }],
  ['Standard_B2ms', { MaxResourceVolumeMB: '16384', LowPriorityCapable: 'False' }],
  ['Standard_DC4as_v5', { MaxResourceVolumeMB: '0', HyperVGenerations: 'V2' }],
])('%s has %o', async ([size, expected]) => {
  const sizes = await sizesOf(createSimulator(), 'westeurope');

  const capabilities = sizes.get(size)?.capabilities ?? [];
  const shown = Object.fromEntries(capabilities.map(({ name = '', value }) => [name, value]));
  expect(shown).toMatchObject(expected);
});

test.for([
  ['the example', exampleEstate()],
  [
    'a generated one',
    generateEstate({
      vms: 40,
      disksPerVm: { least: 1, most: 2 },
      regions: ['westeurope', 'swedencentral'],
      kinds: 'all',
      mistakes: 0,
      seed: 3,
    }),
  ],
] as const)('every size of an estate is listed in its region: %s', async ([, estate]) => {
  const simulator = createSimulator({ estate });
  const vms = await all(clientsOf(simulator).compute.virtualMachines.listAll());

  for (const { location, hardwareProfile } of vms) {
    const sku = (await sizesOf(simulator, location)).get(hardwareProfile?.vmSize);
    expect(sku, `${hardwareProfile?.vmSize} in ${location}`).toMatchObject({
      locations: [location],
      restrictions: [],
    });
  }
});

test('a size that is not offered shows why, and a start of it is refused', async () => {
  const simulator = createSimulator();
  simulator.estate.restrictSize({
    size: 'Standard_D2s_v3',
    location: 'westeurope',
    reason: 'subscription',
  });
  simulator.estate.addVm({ name: 'off', power: 'deallocated' });
  simulator.estate.addVm({ name: 'stopped', power: 'stopped' });
  const elsewhere = { location: 'northeurope', power: 'deallocated' } as const;
  simulator.estate.addVm({ name: 'elsewhere', ...elsewhere });
  const { virtualMachines } = clientsOf(simulator).compute;

  const here = await sizesOf(simulator, 'westeurope');
  const there = await sizesOf(simulator, 'northeurope');
  const start = (name: string) => inVirtualTime(virtualMachines.start('rg-test', name));

  expect(here.get('Standard_D2s_v3')?.restrictions).toMatchObject([
    { type: 'Location', reasonCode: 'NotAvailableForSubscription', values: ['westeurope'] },
  ]);
  expect(there.get('Standard_D2s_v3')?.restrictions).toEqual([]);
  expect(await refusal(start('off'))).toEqual({ code: 'SkuNotAvailable', status: 409 });
  await start('stopped');
  await start('elsewhere');
  expect(simulator.powerState('off')).toBe('deallocated');
  expect(simulator.powerState('stopped')).toBe('running');
  expect(simulator.powerState('elsewhere')).toBe('running');
});

test('a restriction of zones binds the machines in them', async () => {
  const simulator = createSimulator();
  simulator.estate.restrictSize({
    size: 'Standard_D2s_v3',
    zones: ['1', '2'],
    reason: 'subscription',
  });
  simulator.estate.addVm({ name: 'in', zones: ['1'], power: 'deallocated' });
  simulator.estate.addVm({ name: 'out', zones: ['3'], power: 'deallocated' });
  const { virtualMachines } = clientsOf(simulator).compute;

  const sku = (await sizesOf(simulator, 'westeurope')).get('Standard_D2s_v3');
  const start = (name: string) => inVirtualTime(virtualMachines.start('rg-test', name));

  expect(sku?.restrictions).toMatchObject([
    { type: 'Zone', restrictionInfo: { zones: ['1', '2'] } },
  ]);
  expect(await refusal(start('in'))).toMatchObject({ code: 'SkuNotAvailable' });
  await start('out');
});

test('a retired size is in no list', async () => {
  const simulator = createSimulator();
  simulator.estate.addVm({ name: 'old', size: 'Standard_NC6', power: 'deallocated' });
  const before = await sizesOf(simulator, 'westeurope');

  simulator.estate.restrictSize({ size: 'Standard_NC6', reason: 'retired' });

  expect(before.has('Standard_NC6')).toBe(true);
  expect((await sizesOf(simulator, 'westeurope')).has('Standard_NC6')).toBe(false);
});

test.for<[code: string, zones: readonly string[] | undefined]>([
  ['AllocationFailed', undefined],
  ['ZonalAllocationFailed', ['2']],
])('without capacity a start is accepted and fails: %s', async ([code, zones]) => {
  const simulator = createSimulator();
  simulator.estate.restrictSize({ size: 'Standard_D2s_v3', reason: 'capacity' });
  simulator.estate.addVm({ name: 'vm-1', ...(zones ? { zones } : {}) });
  const { virtualMachines } = clientsOf(simulator).compute;

  const listed = (await sizesOf(simulator, 'westeurope')).get('Standard_D2s_v3');
  await inVirtualTime(virtualMachines.deallocate('rg-test', 'vm-1'));
  const start = inVirtualTime(virtualMachines.start('rg-test', 'vm-1'));

  expect(await refusal(start)).toMatchObject({ code });
  expect(listed?.restrictions).toEqual([]);
  expect(simulator.powerState('vm-1')).toBe('deallocated');
});

test('capacity that is out in a zone comes back when it is given back', async () => {
  const simulator = createSimulator();
  const location = 'westeurope';
  simulator.conditions.begin({ kind: 'no-capacity', size: 'Standard_D2s_v3', location, zone: '2' });
  simulator.estate.addVm({ name: 'in', zones: ['2'], power: 'deallocated' });
  simulator.estate.addVm({ name: 'out', zones: ['1'], power: 'deallocated' });
  const { virtualMachines } = clientsOf(simulator).compute;
  const start = (name: string) => inVirtualTime(virtualMachines.start('rg-test', name));

  await start('out');
  for (const _ of [1, 2]) {
    expect(await refusal(start('in'))).toMatchObject({ code: 'ZonalAllocationFailed' });
  }
  simulator.conditions.clear();
  await start('in');

  expect(simulator.powerState('in')).toBe('running');
});

test('a new machine of a size that is not offered is refused', async () => {
  const simulator = createSimulator();
  simulator.estate.restrictSize({ size: 'Standard_D2s_v3', reason: 'subscription' });
  simulator.estate.addGroup({ name: 'rg-test' });
  const { virtualMachines } = clientsOf(simulator).compute;

  const made = virtualMachines.createOrUpdate('rg-test', 'vm-new', {
    location: 'westeurope',
    hardwareProfile: { vmSize: 'Standard_D2s_v3' },
    storageProfile: { osDisk: { createOption: 'FromImage', osType: 'Linux' } },
  });

  expect(await refusal(inVirtualTime(made))).toMatchObject({ code: 'SkuNotAvailable' });
});
