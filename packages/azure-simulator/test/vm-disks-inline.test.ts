import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSimulator } from '../src/simulator.ts';
import { ask } from './ask.ts';
import { list, object } from './json.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

async function aMachine() {
  const simulator = createSimulator();
  const { estate, subscriptionId } = simulator;
  const diskId = estate.addDisk({ name: 'old' });
  const path = `/subscriptions/${subscriptionId}/resourceGroups/rg-test/providers/Microsoft.Compute/virtualMachines/vm?api-version=2024-07-01`;
  const later = () => vi.advanceTimersByTimeAsync(600_000);
  const networkInterfaces = [{ id: '/x/nic', properties: { deleteOption: null } }];
  const put = (dataDisks: readonly object[] = []) =>
    ask(simulator, 'PUT', path, {
      location: 'westeurope',
      properties: {
        hardwareProfile: { vmSize: 'Standard_DS1_v2' },
        storageProfile: {
          imageReference: {
            publisher: 'OpenLogic',
            offer: 'CentOS',
            sku: '7.5',
            version: 'latest',
          },
          osDisk: { name: 'vm-os', createOption: 'fromImage' },
          dataDisks,
        },
        osProfile: { computerName: 'vm', adminUsername: 'me', adminPassword: 'secret' },
        networkProfile: { networkInterfaces },
      },
    });
  const made = await put();
  await later();
  const get = () => ask(simulator, 'GET', path);
  const patch = (ifMatch: string) =>
    simulator.handle(
      new Request(`https://management.azure.com${path}`, {
        method: 'PATCH',
        headers: {
          authorization: 'Bearer static',
          'content-type': 'application/json',
          'if-match': ifMatch,
        },
        body: JSON.stringify({ tags: { a: 'b' } }),
      }),
    );
  return { simulator, diskId, put, get, patch, made, later };
}

const storageOf = (body: Readonly<Record<string, unknown>>) =>
  object(object(body, 'properties'), 'storageProfile');

test('a new machine shows the version of its image, and what is usual', async () => {
  const { made } = await aMachine();

  expect(made.status).toBe(201);
  const storage = storageOf(made.body);
  expect(storage['imageReference']).toMatchObject({
    version: 'latest',
    exactVersion: expect.stringMatching(/^[\d.]+$/),
  });
  expect(storage['osDisk']).toMatchObject({
    createOption: 'FromImage',
    managedDisk: { storageAccountType: 'Premium_LRS' },
  });
  expect(made.body['properties']).toMatchObject({
    osProfile: {
      computerName: 'vm',
      adminUsername: 'me',
      linuxConfiguration: {
        disablePasswordAuthentication: false,
        provisionVMAgent: true,
        patchSettings: { patchMode: 'ImageDefault', assessmentMode: 'ImageDefault' },
      },
      secrets: [],
      allowExtensionOperations: true,
      requireGuestProvisionSignal: true,
    },
    networkProfile: { networkInterfaces: [{ id: '/x/nic' }] },
  });
  expect(JSON.stringify(made.body)).not.toMatch(/secret"|deleteOption":null/);
});

test('the answer to a change shows the disks that are to come, and the next version', async () => {
  const { put, get, diskId, later } = await aMachine();

  const changed = await put([
    { lun: 0, name: 'new', createOption: 'Empty', diskSizeGB: 1, caching: 'ReadOnly' },
    { lun: 1, createOption: 'attach', managedDisk: { id: diskId } },
  ]);
  await later();

  const disks = list(storageOf(changed.body), 'dataDisks');
  expect(disks[0]).toEqual({
    lun: 0,
    name: 'new',
    createOption: 'Empty',
    caching: 'ReadOnly',
    managedDisk: { storageAccountType: 'Premium_LRS' },
    deleteOption: 'Detach',
    diskSizeGB: 1,
    toBeDetached: false,
  });
  expect(disks[1]).toMatchObject({ lun: 1, createOption: 'Attach', managedDisk: { id: diskId } });
  expect([changed.headers.get('etag'), changed.body['etag']]).toEqual(['"3"', '"3"']);
  const after = await get();
  expect(after.body['etag']).toBe('"3"');
  expect(list(storageOf(after.body), 'dataDisks').map(({ name }) => name)).toEqual(['new', 'old']);
});

test('a machine is changed in the version that is meant only', async () => {
  const { patch } = await aMachine();

  expect((await patch('"1"')).status).toBe(412);
  expect((await patch('"2"')).status).toBe(200);
});

test('a data disk that would be a copy is not made empty', async () => {
  const { put } = await aMachine();

  expect((await put([{ lun: 0, createOption: 'Copy', diskSizeGB: 1 }])).status).toBe(501);
});

test('a disk in another region is not attached', async () => {
  const { simulator, put, get } = await aMachine();
  const id = simulator.estate.addDisk({ name: 'far', location: 'northeurope' });

  const refused = await put([{ lun: 0, createOption: 'Attach', managedDisk: { id } }]);

  expect(refused).toMatchObject({
    status: 404,
    body: { error: { code: 'NotFound', message: 'Disk far is not found.' } },
  });
  expect(list(storageOf((await get()).body), 'dataDisks')).toEqual([]);
});
