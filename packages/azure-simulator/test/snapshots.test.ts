import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSimulator } from '../src/simulator.ts';
import { ask } from './ask.ts';
import { object } from './json.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function anEstate() {
  const simulator = createSimulator();
  const diskId = simulator.estate.addDisk({ name: 'disk-1' });
  const group = `/subscriptions/${simulator.subscriptionId}/resourceGroups/rg-test`;
  const path = `${group}/providers/Microsoft.Compute/snapshots/s?api-version=2023-10-02`;
  const call = (method: string, body?: unknown) => ask(simulator, method, path, body);
  const put = (creationData: object, more: object = {}, location = 'westeurope') =>
    call('PUT', { location, properties: { creationData, ...more } });
  return { simulator, diskId, put, call, later: () => vi.advanceTimersByTimeAsync(120_000) };
}

test('a snapshot may be empty, of a size that is said, with what was asked of it', async () => {
  const { put, call, later } = anEstate();
  const wishes = { supportedCapabilities: { acceleratedNetwork: true }, diskSizeGB: 5 };

  const accepted = await put({ createOption: 'Empty' }, wishes);
  await later();
  const read = await call('GET');

  expect(accepted.status).toBe(202);
  expect(accepted.body['properties']).toEqual({
    creationData: { createOption: 'Empty' },
    ...wishes,
    provisioningState: 'Updating',
  });
  expect(read.body['properties']).toMatchObject({
    creationData: { createOption: 'Empty' },
    ...wishes,
    diskSizeBytes: 5 * 2 ** 30,
    provisioningState: 'Succeeded',
  });
});

test.for<[what: string, creationData: object, status: number, code: string]>([
  ['without a size', { createOption: 'Empty' }, 400, 'InvalidParameter'],
  ['without a source', { createOption: 'Copy' }, 400, 'InvalidParameter'],
  ['of a blob', { createOption: 'Import', sourceUri: 'https://a.blob' }, 501, 'NotSimulated'],
])('a snapshot is not made %s', async ([, creationData, status, code]) => {
  const { put } = anEstate();

  const refused = await put(creationData);

  expect([refused.status, object(refused.body, 'error')['code']]).toEqual([status, code]);
});

test('a copy finds its source in its own region only', async () => {
  const { put, diskId } = anEstate();
  const creationData = { createOption: 'Copy', sourceResourceId: diskId };

  const elsewhere = await put(creationData, {}, 'northeurope');
  const here = await put(creationData);

  expect(elsewhere).toMatchObject({
    status: 404,
    body: { error: { code: 'NotFound', message: 'Resource disk-1 is not found.' } },
  });
  expect(here.status).toBe(202);
});

test('a snapshot shows that it is being deleted, and no longer when that has failed', async () => {
  const { simulator, put, call, diskId, later } = anEstate();
  await put({ createOption: 'Copy', sourceResourceId: diskId });
  await later();
  const state = async () => object((await call('GET')).body, 'properties')['provisioningState'];

  const failure = { code: 'InternalError', message: 'Not now.' };
  simulator.faults.failOperationNext({ method: 'DELETE', path: /./ }, failure);
  await call('DELETE');
  const states = [await state()];
  await later();
  states.push(await state());

  expect(states).toEqual(['Deleting', 'Succeeded']);
});

test('who reaches a snapshot is changed, and what is not known is refused', async () => {
  const { put, call, diskId, later } = anEstate();
  await put({ createOption: 'Copy', sourceResourceId: diskId });
  await later();

  await call('PATCH', { properties: { networkAccessPolicy: 'DenyAll' } });
  await later();
  const unknown = await call('PATCH', { properties: { completionPercent: 3 } });

  expect((await call('GET')).body['properties']).toMatchObject({ networkAccessPolicy: 'DenyAll' });
  expect(unknown.status).toBe(501);
});
