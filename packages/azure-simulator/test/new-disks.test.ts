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
  const { estate, subscriptionId } = simulator;
  estate.addGroup({ name: 'rg-test' });
  const path = `/subscriptions/${subscriptionId}/resourceGroups/rg-test/providers/Microsoft.Compute/disks/new?api-version=2023-04-02`;
  const call = async (method: string, body?: unknown) => {
    const answered = await ask(simulator, method, path, body);
    await vi.advanceTimersByTimeAsync(120_000);
    return answered;
  };
  const image = (publisher: string, offer: string, sku: string) => ({
    createOption: 'FromImage',
    imageReference: {
      id: `/subscriptions/${subscriptionId}/Providers/Microsoft.Compute/Locations/westeurope/Publishers/${publisher}/ArtifactTypes/VMImage/Offers/${offer}/Skus/${sku}/Versions/1.0.0`,
    },
  });
  const put = (properties: object, sku = 'Premium_LRS') =>
    call('PUT', { location: 'westeurope', tags: {}, sku: { name: sku }, properties });
  const read = async () => object((await call('GET')).body, 'properties');
  return { call, put, image, read };
}

test('the answer to a creation repeats the request and nothing more', async () => {
  const { put, image } = anEstate();
  const properties = {
    creationData: image('Debian', 'debian-12', '12-gen2'),
    securityProfile: { securityType: 'TrustedLaunch' },
  };

  const { status, body } = await put(properties);

  expect(status).toBe(202);
  expect(Object.keys(body)).toEqual([
    'name',
    'id',
    'type',
    'location',
    'tags',
    'sku',
    'properties',
  ]);
  expect(body['sku']).toEqual({ name: 'Premium_LRS' });
  expect(body['properties']).toEqual({ ...properties, provisioningState: 'Updating' });
});

test.for<[image: readonly [string, string, string], shown: object]>([
  [
    ['Debian', 'debian-12', '12-gen2'],
    { osType: 'Linux', diskSizeGB: 30, hyperVGeneration: 'V2', tier: 'P4' },
  ],
  [
    ['OpenLogic', 'CentOS', '7.5'],
    { osType: 'Linux', diskSizeGB: 30, hyperVGeneration: 'V1', tier: 'P4' },
  ],
  [
    ['MicrosoftWindowsServer', 'WindowsServer', '2022-datacenter-g2'],
    { osType: 'Windows', diskSizeGB: 127, hyperVGeneration: 'V2', tier: 'P10' },
  ],
  [
    ['MicrosoftWindowsServer', 'WindowsServer', '2019-datacenter-smalldisk'],
    { osType: 'Windows', diskSizeGB: 30, hyperVGeneration: 'V1', tier: 'P4' },
  ],
])('system, size and generation are those of the image: %j', async ([image, shown]) => {
  const estate = anEstate();

  await estate.put({ creationData: estate.image(...image) });

  expect(await estate.read()).toMatchObject(shown);
});

test('a tier is one of Premium disks, whatever was asked', async () => {
  const { call, put, read } = anEstate();
  const creationData = { createOption: 'Empty' };
  await put({ creationData, diskSizeGB: 10 });
  const tiers = [(await read())['tier']];

  await call('PATCH', { properties: { tier: 'P10' } });
  tiers.push((await read())['tier']);
  await call('PATCH', { sku: { name: 'Standard_LRS' }, properties: { tier: 'P10' } });
  tiers.push((await read())['tier']);

  expect(tiers).toEqual(['P3', 'P10', undefined]);
});

test('a member that is not known is refused, by name', async () => {
  const { put } = anEstate();

  const refused = await put({ creationData: { createOption: 'Empty' }, diskSizeGB: 8, shape: 1 });

  expect(refused.status).toBe(501);
  expect(object(refused.body, 'error')['message']).toContain('shape');
});

test.for(['Import', 'Restore', 'UploadPreparedSecure'])('no disk is made by %s', async (option) => {
  const { put } = anEstate();

  expect((await put({ creationData: { createOption: option }, diskSizeGB: 8 })).status).toBe(501);
});
