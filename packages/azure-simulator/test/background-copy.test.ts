import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSimulator } from '../src/simulator.ts';
import { all, clientsOf, inVirtualTime, refusal } from './clients.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const HOUR_MS = 3_600_000;

/** A snapshot of a Premium SSD v2 disk, made long ago. */
function anEstate() {
  const simulator = createSimulator();
  const { estate } = simulator;
  const setId = estate.addEncryptionSet({ name: 'des-1' });
  const sourceId = estate.addDisk({ name: 'source', sku: 'PremiumV2_LRS', sizeGB: 128 });
  const snapshotId = estate.addSnapshot({ name: 'snap-1', disk: 'source' });
  const { compute } = clientsOf(simulator);
  const encryption = { type: 'EncryptionAtRestWithCustomerKey', diskEncryptionSetId: setId };
  return {
    simulator,
    estate,
    compute,
    encryption,
    copy: (name: string, sku: string, sourceResourceId = snapshotId) =>
      inVirtualTime(
        compute.disks.createOrUpdate('rg-test', name, {
          location: 'westeurope',
          sku: { name: sku },
          creationData: { createOption: 'Copy', sourceResourceId },
        }),
      ),
    encrypt: (name: string) => inVirtualTime(compute.disks.update('rg-test', name, { encryption })),
    takeSnapshot: (name: string) =>
      inVirtualTime(
        compute.snapshots.createOrUpdate('rg-test', name, {
          location: 'westeurope',
          incremental: true,
          creationData: { createOption: 'Copy', sourceResourceId: sourceId },
        }),
      ),
  };
}

test.each([['PremiumV2_LRS'], ['UltraSSD_LRS']])(
  'a %s disk of a snapshot is filled after it was made, and keeps its key so long',
  async (sku) => {
    const { compute, copy, encrypt } = anEstate();

    const made = await copy('new', sku);
    const tooEarly = await refusal(encrypt('new'));
    await vi.advanceTimersByTimeAsync(HOUR_MS);
    const filled = await compute.disks.get('rg-test', 'new');

    expect(made.completionPercent).toBe(0);
    expect(tooEarly).toEqual({ code: 'OperationNotAllowed', status: 409 });
    expect(filled.completionPercent).toBe(100);
    expect((await encrypt('new')).encryption?.type).toBe('EncryptionAtRestWithCustomerKey');
  },
);

test('a Premium SSD of a snapshot is whole when it is made', async () => {
  const { copy, encrypt } = anEstate();

  const made = await copy('new', 'Premium_LRS');

  expect(made.completionPercent).toBeUndefined();
  expect((await encrypt('new')).encryption?.type).toBe('EncryptionAtRestWithCustomerKey');
});

test('a snapshot of the newer kinds is copied in the background, and is of no use so long', async () => {
  const { simulator, compute, copy, takeSnapshot, encryption } = anEstate();
  const snapshot = await takeSnapshot('snap-2');
  // By hand: no document of snapshots lists an error, so no SDK's traffic is to have this one.
  const refusedChange = async () => {
    const url = `https://management.azure.com${snapshot.id}?api-version=2024-03-02`;
    const headers = { authorization: 'Bearer static', 'content-type': 'application/json' };
    const body = JSON.stringify({ properties: { encryption } });
    const answer = await simulator.handle(new Request(url, { method: 'PATCH', headers, body }));
    const { error } = (await answer.json()) as { error: { code: string } };
    return error;
  };
  const change = () => inVirtualTime(compute.snapshots.update('rg-test', 'snap-2', { encryption }));

  const early = [await refusal(copy('new', 'PremiumV2_LRS', snapshot.id)), await refusedChange()];
  await vi.advanceTimersByTimeAsync(HOUR_MS);

  expect(snapshot.completionPercent).toBe(0);
  expect(early.map(({ code }) => code)).toEqual(['OperationNotAllowed', 'OperationNotAllowed']);
  expect((await compute.snapshots.get('rg-test', 'snap-2')).completionPercent).toBe(100);
  expect((await change()).encryption?.type).toBe('EncryptionAtRestWithCustomerKey');
});

test('an estate describes disks that are being filled', async () => {
  const { compute, estate, encrypt } = anEstate();
  estate.addDisk({ name: 'filling', sku: 'PremiumV2_LRS', completionPercent: 40 });

  const before = await compute.disks.get('rg-test', 'filling');
  await vi.advanceTimersByTimeAsync(5 * 60_000);
  const later = await compute.disks.get('rg-test', 'filling');

  expect(before.completionPercent).toBe(40);
  expect(later.completionPercent).toBeGreaterThan(40);
  expect(later.completionPercent).toBeLessThan(100);
  expect(await refusal(encrypt('filling'))).toMatchObject({ code: 'OperationNotAllowed' });
});

test('restore points are taken of the disks of a machine, and stand in the way until they go', async () => {
  const { compute, estate, encrypt } = anEstate();
  const vmId = estate.addVm({ name: 'vm-1', power: 'deallocated', dataDisks: 1 });
  const { restorePointCollections, restorePoints } = compute;
  await restorePointCollections.createOrUpdate('rg-test', 'rpc-1', {
    location: 'westeurope',
    source: { id: vmId },
  });

  await inVirtualTime(restorePoints.create('rg-test', 'rpc-1', 'point-1', {}));
  const taken = await restorePoints.get('rg-test', 'rpc-1', 'point-1');
  const refused = await refusal(encrypt('vm-1-data-1'));
  await inVirtualTime(restorePoints.delete('rg-test', 'rpc-1', 'point-1'));

  expect(taken.sourceMetadata?.storageProfile?.dataDisks).toHaveLength(1);
  expect(refused).toEqual({ code: 'OperationNotAllowed', status: 409 });
  expect((await encrypt('vm-1-data-1')).encryption?.type).toBe('EncryptionAtRestWithCustomerKey');
  await inVirtualTime(restorePointCollections.delete('rg-test', 'rpc-1'));
  expect(await all(restorePointCollections.list('rg-test'))).toEqual([]);
});
