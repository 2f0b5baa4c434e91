import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSimulator, type Simulator } from '../src/simulator.ts';
import { all, clientsOf, inVirtualTime, refusal } from './clients.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const image = {
  publisher: 'Canonical',
  offer: 'ubuntu-24_04-lts',
  sku: 'server',
  version: 'latest',
};

function aMachine(setId?: string) {
  const diskEncryptionSet = setId ? { diskEncryptionSet: { id: setId } } : {};
  return {
    location: 'westeurope',
    hardwareProfile: { vmSize: 'Standard_D2s_v3' },
    osProfile: { computerName: 'vm-new', adminUsername: 'operator', adminPassword: 'not shown' },
    networkProfile: { networkInterfaces: [] },
    storageProfile: {
      imageReference: image,
      osDisk: {
        createOption: 'FromImage',
        deleteOption: 'Delete',
        managedDisk: { storageAccountType: 'Premium_LRS', ...diskEncryptionSet },
      },
      dataDisks: [
        { lun: 3, createOption: 'Empty', diskSizeGB: 64, managedDisk: { ...diskEncryptionSet } },
      ],
    },
  };
}

async function created(simulator: Simulator, setId?: string) {
  const { virtualMachines } = clientsOf(simulator).compute;
  return inVirtualTime(virtualMachines.createOrUpdate('rg-test', 'vm-new', aMachine(setId)));
}

test('a machine is made with its disks, on the key that it names', async () => {
  const simulator = createSimulator();
  const setId = simulator.estate.addEncryptionSet({ name: 'des-1' });
  const { compute } = clientsOf(simulator);

  const vm = await created(simulator, setId);

  expect(vm.provisioningState).toBe('Succeeded');
  expect(vm.osProfile?.adminPassword).toBeUndefined();
  expect(vm.storageProfile?.dataDisks?.[0]?.lun).toBe(3);
  expect(simulator.powerState('vm-new')).toBe('running');
  const disks = await all(compute.disks.listByResourceGroup('rg-test'));
  expect(disks).toHaveLength(2);
  for (const disk of disks) {
    expect(disk).toMatchObject({
      diskState: 'Attached',
      managedBy: vm.id,
      encryption: { type: 'EncryptionAtRestWithCustomerKey' },
    });
  }
});

test('a machine that is being made is there and says so', async () => {
  const simulator = createSimulator();
  simulator.estate.addGroup({ name: 'rg-test' });
  const { compute } = clientsOf(simulator);

  const making = compute.virtualMachines.createOrUpdate('rg-test', 'vm-new', aMachine());
  await vi.advanceTimersByTimeAsync(1000);
  const during = await compute.virtualMachines.get('rg-test', 'vm-new', { expand: 'instanceView' });
  await inVirtualTime(making);

  expect(during.provisioningState).toBe('Creating');
  expect(during.instanceView?.statuses?.[0]?.code).toBe('ProvisioningState/creating');
});

test.each([
  ['AllocationFailed'],
  ['ZonalAllocationFailed'],
  ['SkuNotAvailable'],
  ['OverconstrainedAllocationRequest'],
])('a machine whose start fails with %s stays off and can be started later', async (code) => {
  const simulator = createSimulator();
  simulator.estate.addVm({ name: 'vm-1', power: 'deallocated' });
  const { compute } = clientsOf(simulator);
  const fault = {
    kind: 'fail-operation',
    path: '/vm-1/start$',
    method: 'POST',
    code,
    message: 'No capacity.',
  };
  await simulator.handle(
    new Request('https://simulator.keyturn.local/faults', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(fault),
    }),
  );

  const start = () => inVirtualTime(compute.virtualMachines.start('rg-test', 'vm-1'));

  expect(await refusal(start())).toMatchObject({ code });
  const view = await compute.virtualMachines.instanceView('rg-test', 'vm-1');
  expect(view.statuses?.map((it) => it.code)).toEqual([
    `ProvisioningState/failed/${code}`,
    'PowerState/deallocated',
  ]);
  await start();
  expect(simulator.powerState('vm-1')).toBe('running');
});

test('a machine whose new disks are on an unusable key fails to be made', async () => {
  const simulator = createSimulator();
  const key = { name: 'off', enabled: false };
  simulator.estate.addVault({ name: 'kv-1', keys: [key] });
  const setId = simulator.estate.addEncryptionSet({ name: 'des-1', key: 'kv-1/off' });

  expect(await refusal(created(simulator, setId))).toMatchObject({ code: 'KeyVaultKeyNotEnabled' });

  const vm = await clientsOf(simulator).compute.virtualMachines.get('rg-test', 'vm-new');
  expect(vm.provisioningState).toBe('Failed');
});

test('data disks are attached and detached by naming those that are to stay', async () => {
  const simulator = createSimulator();
  simulator.estate.addVm({ name: 'vm-1', dataDisks: 1 });
  const diskId = simulator.estate.addDisk({ name: 'loose' });
  const { compute } = clientsOf(simulator);
  const attach = { lun: 5, createOption: 'Attach', managedDisk: { id: diskId } };

  const vm = await inVirtualTime(
    compute.virtualMachines.update('rg-test', 'vm-1', { storageProfile: { dataDisks: [attach] } }),
  );

  expect(vm.storageProfile?.dataDisks?.map(({ lun, name }) => [lun, name])).toEqual([[5, 'loose']]);
  expect(await compute.disks.get('rg-test', 'loose')).toMatchObject({
    diskState: 'Attached',
    managedBy: vm.id,
  });
  const detached = await compute.disks.get('rg-test', 'vm-1-data-1');
  expect(detached.diskState).toBe('Unattached');
  expect(detached.managedBy).toBeUndefined();
});

test('a disk of another machine is not attached', async () => {
  const simulator = createSimulator();
  simulator.estate.addVm({ name: 'owner', dataDisks: 1 });
  simulator.estate.addVm({ name: 'vm-1' });
  const { compute } = clientsOf(simulator);
  const { id = '' } = await compute.disks.get('rg-test', 'owner-data-1');
  const dataDisks = [{ lun: 0, createOption: 'Attach', managedDisk: { id } }];

  const refused = refusal(
    compute.virtualMachines.update('rg-test', 'vm-1', { storageProfile: { dataDisks } }),
  );

  expect(await refused).toEqual({ code: 'ConflictingUserInput', status: 409 });
});

test('a machine takes another size', async () => {
  const simulator = createSimulator();
  simulator.estate.addVm({ name: 'vm-1', power: 'deallocated' });
  const { compute } = clientsOf(simulator);

  const vm = await inVirtualTime(
    compute.virtualMachines.update('rg-test', 'vm-1', {
      hardwareProfile: { vmSize: 'Standard_E4s_v3' },
    }),
  );

  expect(vm.hardwareProfile?.vmSize).toBe('Standard_E4s_v3');
});

test('a machine that is deleted leaves its disks, but for those that go with it', async () => {
  const simulator = createSimulator();
  const setId = simulator.estate.addEncryptionSet({ name: 'des-1' });
  const { compute } = clientsOf(simulator);
  await created(simulator, setId);

  await inVirtualTime(compute.virtualMachines.delete('rg-test', 'vm-new'));

  expect(await refusal(compute.virtualMachines.get('rg-test', 'vm-new'))).toMatchObject({
    status: 404,
  });
  const left = await all(compute.disks.listByResourceGroup('rg-test'));
  expect(left.map(({ diskState, diskSizeGB }) => [diskState, diskSizeGB])).toEqual([
    ['Unattached', 64],
  ]);
});

test('a machine under Azure Disk Encryption shows its extension', async () => {
  const simulator = createSimulator();
  simulator.estate.addVm({ name: 'vm-1', adeExtension: true });
  const { compute } = clientsOf(simulator);

  const { resources } = await compute.virtualMachines.get('rg-test', 'vm-1');
  const one = await compute.virtualMachineExtensions.get('rg-test', 'vm-1', 'AzureDiskEncryption');

  expect(resources).toMatchObject([{ publisher: 'Microsoft.Azure.Security', id: one.id }]);
});
