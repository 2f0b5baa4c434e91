import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { DiskDescription } from '../src/estate/estate-description.ts';
import { createSimulator } from '../src/simulator.ts';
import { clientsOf, inVirtualTime, refusal } from './clients.ts';

const CUSTOMER = 'EncryptionAtRestWithCustomerKey';
const DOUBLE = 'EncryptionAtRestWithPlatformAndCustomerKeys';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function anAzure() {
  const simulator = createSimulator();
  const set = simulator.estate.addEncryptionSet({ name: 'des-1', group: 'rg-keys' });
  const { compute } = clientsOf(simulator);
  const encrypt = (disk: string, diskEncryptionSetId = set, type = CUSTOMER) =>
    inVirtualTime(
      compute.disks.update('rg-test', disk, { encryption: { type, diskEncryptionSetId } }),
    );
  return { ...simulator, compute, set, encrypt };
}

test('a loose disk takes the key; its encryption set is shown with the group in capitals', async () => {
  const { estate, encrypt, compute } = anAzure();
  estate.addDisk({ name: 'disk-1' });

  const disk = await encrypt('disk-1');

  expect(disk.encryption?.type).toBe(CUSTOMER);
  expect(disk.encryption?.diskEncryptionSetId).toMatch(/\/resourceGroups\/RG-KEYS\/.*\/des-1$/);
  expect((await compute.disks.get('rg-TEST', 'disk-1')).id).toContain('/resourceGroups/rg-TEST/');
});

test.for<[power: 'running' | 'stopped' | 'deallocated' | 'hibernated', allowed: boolean]>([
  ['running', false],
  ['stopped', false],
  ['deallocated', true],
  ['hibernated', false],
])('the disk of a %s machine: allowed %s', async ([power, allowed]) => {
  const { estate, encrypt } = anAzure();
  estate.addVm({ name: 'vm-1', power, dataDisks: 1 });

  const answered = encrypt('vm-1-data-1');

  if (allowed) expect((await answered).diskState).toBe('Reserved');
  else expect(await refusal(answered)).toMatchObject({ status: 409 });
});

test('a shared disk waits for the last of its machines', async () => {
  const { estate, encrypt, compute } = anAzure();
  estate.addVm({ name: 'vm-1', power: 'deallocated' });
  estate.addVm({ name: 'vm-2' });
  estate.addDisk({ name: 'shared', maxShares: 2, attachedTo: ['vm-1', 'vm-2'] });

  expect(await refusal(encrypt('shared'))).toEqual({ code: 'OperationNotAllowed', status: 409 });
  await inVirtualTime(compute.virtualMachines.deallocate('rg-test', 'vm-2'));

  expect((await encrypt('shared')).managedByExtended).toHaveLength(2);
});

test.for<[what: string, disk: Partial<DiskDescription>, code: string]>([
  ['encrypted by ADE', { ade: 'now' }, 'OperationNotAllowed'],
  ['once encrypted by ADE', { ade: 'before' }, 'OperationNotAllowed'],
  ['being exported', { state: 'ActiveSAS' }, 'PropertyChangeNotAllowed'],
  ['waiting for an upload', { state: 'ReadyToUpload' }, 'PropertyChangeNotAllowed'],
  ['in another region', { location: 'northeurope' }, 'InvalidParameter'],
  ['of a scale set instance', { managedBy: '/subscriptions/s/x' }, 'OperationNotAllowed'],
])('a disk %s is refused', async ([_, disk, code]) => {
  const { estate, encrypt } = anAzure();
  estate.addDisk({ name: 'disk-1', ...disk });

  expect(await refusal(encrypt('disk-1'))).toMatchObject({ code });
});

test('incremental snapshots and restore points stand in the way, full snapshots do not', async () => {
  const { estate, encrypt } = anAzure();
  for (const name of ['full', 'incremental']) estate.addDisk({ name });
  estate.addSnapshot({ name: 'snap-1', disk: 'full', incremental: false });
  estate.addSnapshot({ name: 'snap-2', disk: 'incremental' });
  estate.addVm({ name: 'vm-1', power: 'deallocated', dataDisks: 1 });
  estate.addRestorePoints({ name: 'rpc-1', vm: 'vm-1', points: ['rp-1'] });

  expect((await encrypt('full')).encryption?.type).toBe(CUSTOMER);
  expect(await refusal(encrypt('incremental'))).toMatchObject({ code: 'OperationNotAllowed' });
  expect(await refusal(encrypt('vm-1-data-1'))).toMatchObject({ code: 'OperationNotAllowed' });
});

test('the type must be that of the set; Ultra and Premium v2 have limits of their own', async () => {
  const { estate, encrypt } = anAzure();
  const double = estate.addEncryptionSet({ name: 'des-2', encryptionType: DOUBLE });
  const user = estate.addEncryptionSet({ name: 'des-3', identity: 'UserAssigned' });
  estate.addDisk({ name: 'plain' });
  estate.addDisk({ name: 'ultra', sku: 'UltraSSD_LRS' });

  expect(await refusal(encrypt('plain', double))).toMatchObject({ code: 'InvalidParameter' });
  expect(await refusal(encrypt('ultra', double, DOUBLE))).toMatchObject({ status: 400 });
  expect(await refusal(encrypt('ultra', user))).toMatchObject({ code: 'OperationNotAllowed' });
  expect((await encrypt('plain', double, DOUBLE)).encryption?.type).toBe(DOUBLE);
});

test.for<
  [
    what: string,
    change: { enabled?: boolean; expiresInDays?: number; deleted?: boolean },
    code: string,
  ]
>([
  ['disabled', { enabled: false }, 'KeyVaultKeyNotEnabled'],
  ['expired', { expiresInDays: -1 }, 'KeyVaultAccessForbidden'],
  ['deleted', { deleted: true }, 'KeyVaultAccessForbidden'],
])('a %s key: no disk takes it, no machine on it starts', async ([_, change, code]) => {
  const { estate, encrypt, compute, powerState } = anAzure();
  estate.addDisk({ name: 'disk-1' });
  estate.addVm({ name: 'vm-1', power: 'deallocated', osDisk: { encryptionSet: 'des-1' } });
  const { activeKey } = await compute.diskEncryptionSets.get('rg-keys', 'des-1');
  estate.changeKey(activeKey?.keyUrl ?? '', change);

  expect(await refusal(encrypt('disk-1'))).toMatchObject({ code });
  expect(
    await refusal(inVirtualTime(compute.virtualMachines.start('rg-test', 'vm-1'))),
  ).toMatchObject({ code });

  expect(powerState('vm-1')).toBe('deallocated');
  const view = await compute.virtualMachines.instanceView('rg-test', 'vm-1');
  expect(view.statuses?.[0]).toMatchObject({
    code: `ProvisioningState/failed/${code}`,
    level: 'Error',
  });
});

test('a second operation on the same disk is refused while the first runs', async () => {
  const { estate, encrypt, compute } = anAzure();
  estate.addDisk({ name: 'disk-1' });

  const first = encrypt('disk-1');
  const second = refusal(compute.disks.update('rg-test', 'disk-1', { tags: {} }));

  expect(await second).toEqual({ code: 'Conflict', status: 409 });
  await first;
});
