import { expect, test } from 'vitest';
import { exampleEstate } from '../src/example-estate.ts';
import { createSimulator } from '../src/simulator.ts';
import { all, clientsOf, refusal } from './clients.ts';

const simulator = createSimulator({ estate: exampleEstate() });
simulator.estate.addScaleSet({
  name: 'vmss-api',
  group: 'rg-web',
  encryptionSet: 'des-westeurope',
  instances: 2,
});
simulator.estate.addScaleSet({ name: 'vmss-empty', group: 'rg-web', mode: 'Flexible' });
const { compute } = clientsOf(simulator);
const { virtualMachineScaleSets: sets, virtualMachineScaleSetVMs: instances } = compute;

test('disks of uniform instances and flexible machines have their scale set', async () => {
  const found = await all(sets.listAll());
  const uniform = await sets.get('rg-web', 'vmss-batch');
  const flexible = await sets.get('rg-web', 'vmss-shop-flex');

  expect(found.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['vmss-batch', 'vmss-shop-flex', 'aks-nodepool1-31415926-vmss']),
  );
  expect(uniform).toMatchObject({ orchestrationMode: 'Uniform', sku: { capacity: 1 } });
  expect(flexible).toMatchObject({ orchestrationMode: 'Flexible', sku: { capacity: 1 } });
});

test('the disk of a uniform instance and the instance name each other', async () => {
  const disks = await all(compute.disks.list());
  const disk = disks.find(({ managedBy }) =>
    managedBy?.endsWith('/aks-nodepool1-31415926-vmss/virtualMachines/1'),
  );
  const [, group = ''] = /resourceGroups\/([^/]+)/.exec(disk?.managedBy ?? '') ?? [];

  const instance = await instances.get(group, 'aks-nodepool1-31415926-vmss', '1');

  expect(instance.id).toBe(disk?.managedBy);
  expect(instance.storageProfile?.osDisk?.managedDisk?.id?.toLowerCase()).toBe(
    disk?.id?.toLowerCase(),
  );
});

test('data disks of an instance are on it beside its system disk', async () => {
  const { storageProfile } = await instances.get(
    'MC_rg-aks_aks-shop_westeurope',
    'aks-nodepool1-31415926-vmss',
    '0',
  );

  expect(storageProfile?.dataDisks?.map(({ name }) => name)).toEqual([
    'pvc-0b9b2f1c-66a1-4f0e-9a5b-2c3d4e5f6071',
  ]);
});

test('a flexible scale set lists machines under their own IDs', async () => {
  const [listed] = await all(instances.list('rg-web', 'vmss-shop-flex'));
  const vm = await compute.virtualMachines.get('rg-web', 'vm-shop-flex_0');

  expect(listed?.id).toBe(vm.id);
  expect(vm.virtualMachineScaleSet?.id).toMatch(/\/vmss-shop-flex$/);
});

test('a model tells its encryption set, and its instances follow it', async () => {
  const model = await sets.get('rg-web', 'vmss-api');
  const made = await all(instances.list('rg-web', 'vmss-api'));

  const set = model.virtualMachineProfile?.storageProfile?.osDisk?.managedDisk?.diskEncryptionSet;
  expect(set?.id).toMatch(/\/des-westeurope$/);
  expect(made.map(({ instanceId }) => instanceId)).toEqual(['0', '1']);
  for (const { storageProfile } of made) {
    expect(storageProfile?.osDisk?.managedDisk?.diskEncryptionSet?.id).toMatch(/des-westeurope$/);
  }
});

test('the instance views count the machines and tell their power', async () => {
  const view = await sets.getInstanceView('rg-web', 'vmss-api');
  const uniform = await instances.getInstanceView('rg-web', 'vmss-api', '1');
  const flexible = await instances.getInstanceView('rg-web', 'vmss-shop-flex', 'vm-shop-flex_0');

  expect(view.virtualMachine?.statusesSummary).toEqual([
    { code: 'ProvisioningState/succeeded', count: 2 },
  ]);
  for (const { statuses } of [uniform, flexible]) {
    expect(statuses?.map(({ code }) => code)).toContain('PowerState/running');
  }
});

test('what is not there is refused', async () => {
  const none = await all(instances.list('rg-web', 'vmss-empty'));

  expect(none).toEqual([]);
  expect(await refusal(sets.get('rg-web', 'nothing'))).toMatchObject({ status: 404 });
  expect(await refusal(instances.get('rg-web', 'vmss-api', '7'))).toMatchObject({ status: 404 });
});
