import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Exchange } from '../src/gateway.ts';
import { createSimulator, type Simulator } from '../src/simulator.ts';
import { clientsOf, inVirtualTime, refusal } from './clients.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const PAGE = '<html><head><title>502 Bad Gateway</title></head></html>';

function anAzure(record: (exchange: Exchange) => void = () => {}) {
  const simulator = createSimulator({ record });
  simulator.estate.addEncryptionSet({ name: 'des-1' });
  const vmId = simulator.estate.addVm({ name: 'vm-1' });
  simulator.estate.addDisk({ name: 'disk-1' });
  return { ...simulator, ...clientsOf(simulator), vmId, ask: asking(simulator) };
}

function asking({ handle }: Simulator) {
  return async (method: string, path: string, body?: unknown) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const request = new Request(`https://simulator.keyturn.local${path}`, {
      method,
      ...(text === undefined ? {} : { body: text }),
    });
    const response = await handle(request);
    const answered = await response.text();
    return { status: response.status, body: answered === '' ? null : JSON.parse(answered) };
  };
}

test('faults are added, listed, used up and cleared', async () => {
  const { ask, compute } = anAzure();
  const fault = { kind: 'throttle', path: 'VM-1$', method: 'GET', times: 2, retryAfterS: 9 };

  expect((await ask('POST', '/faults', fault)).status).toBe(201);
  expect(await refusal(compute.virtualMachines.get('rg-test', 'vm-1'))).toMatchObject({
    status: 429,
  });
  expect((await ask('GET', '/faults')).body).toEqual([
    { kind: 'throttle', method: 'GET', path: 'VM-1$', left: 1 },
  ]);
  expect((await ask('DELETE', '/faults')).status).toBe(204);
  expect((await ask('GET', '/faults')).body).toEqual([]);
  expect((await compute.virtualMachines.get('rg-test', 'vm-1')).name).toBe('vm-1');
});

test('every kind can be ordered, several at once', async () => {
  const { ask, faults } = anAzure();
  const path = 'x';
  const all = [
    { kind: 'refuse', path, status: 409, code: 'Conflict', message: 'no' },
    { kind: 'refuse', path, status: 503, body: '' },
    { kind: 'throttle', path, retryAfterS: 1 },
    { kind: 'delay', path, delayMs: 5 },
    { kind: 'drop', path, when: 'after' },
    { kind: 'fail-operation', path, code: 'InternalError', message: 'no', leaves: 'effect' },
    { kind: 'leave-out', path, ids: '/disks/' },
    { kind: 'lose-event', path },
    { kind: 'repeat-event', path, copies: 3 },
    { kind: 'delay-event', path, delayMs: 5 },
    { kind: 'reorder-event', path },
  ];

  expect((await ask('POST', '/faults', all)).status).toBe(201);

  expect(faults.list().map(({ kind }) => kind)).toEqual(all.map(({ kind }) => kind));
});

test('what lasts is begun, listed and given back beside the faults', async () => {
  const { ask, subscriptionId, conditions } = anAzure();
  const lasting = [
    { kind: 'no-capacity', size: 'Standard_D2s_v3', location: 'westeurope', zone: '1' },
    { kind: 'subscription-state', subscription: subscriptionId, state: 'Disabled' },
  ];

  expect(await ask('POST', '/faults', lasting)).toEqual({ status: 201, body: lasting });
  expect((await ask('POST', '/faults', { kind: 'lose-event', path: 'x' })).body).toHaveLength(3);
  expect((await ask('DELETE', '/faults')).status).toBe(204);
  expect(conditions.list()).toEqual([]);
  expect(
    await ask('POST', '/faults', [
      { kind: 'no-capacity', path: 'x' },
      { kind: 'subscription-state', subscription: 'x', state: 'Asleep' },
    ]),
  ).toEqual({
    status: 400,
    body: {
      errors: [
        '$[0].size: is missing',
        '$[0].path: is not known for no-capacity',
        '$[1].state: expected one of Enabled, PastDue, Warned, Disabled, Deleted',
      ],
    },
  });
  const unknown = { kind: 'subscription-state', subscription: 'nobody', state: 'Disabled' };
  expect(await ask('POST', '/faults', unknown)).toEqual({
    status: 400,
    body: { errors: ['$: no such subscription: nobody'] },
  });
});

test.for<
  [what: string, fault: { status: number; body: string }, type: string | null, body: string]
>([
  ['nothing', { status: 503, body: '' }, null, ''],
  ['a page', { status: 502, body: PAGE }, 'text/html', PAGE],
  [
    'a text',
    { status: 504, body: 'Late.', ...{ contentType: 'text/plain' } },
    'text/plain',
    'Late.',
  ],
])('a call is refused with %s in place of JSON', async ([, fault, type, body]) => {
  const exchanges: Exchange[] = [];
  const { ask, handle, vmId } = anAzure((exchange) => exchanges.push(exchange));
  await ask('POST', '/faults', { kind: 'refuse', path: 'vm-1$', ...fault });

  const url = `https://management.azure.com${vmId}?api-version=2024-07-01`;
  const headers = { authorization: 'Bearer static' };
  const answered = await handle(new Request(url, { headers }));

  expect(answered.status).toBe(fault.status);
  expect(await answered.text()).toBe(body);
  expect(exchanges).toMatchObject([{ injected: true, responseBody: body }]);
  expect(exchanges[0]?.responseHeaders).toEqual(type === null ? {} : { 'content-type': type });
});

test('mistakes are named all at once, and nothing is ordered', async () => {
  const { ask, faults } = anAzure();

  const { status, body } = await ask('POST', '/faults', [
    { kind: 'refuse', path: '(', times: 0, method: 'LOOK', status: 200, colour: 'blue' },
    { kind: 'drop', path: 'x', when: 'never' },
    { kind: 'lose-event', path: 'x', method: 'GET' },
    { kind: 'explode' },
    { kind: 'lose-event', path: 'x' },
    'x',
    { kind: 'refuse', path: 'x', status: 502, body: 7, code: 'BadGateway' },
    { kind: 'refuse', path: 'x', status: 409, code: 'Conflict', message: 'no', contentType: 'a/b' },
  ]);

  expect(status).toBe(400);
  expect(body.errors).toEqual([
    '$[0].path: expected a regular expression',
    '$[0].times: expected a whole number from 1 on',
    '$[0].method: expected one of GET, HEAD, PUT, PATCH, POST, DELETE',
    '$[0].status: expected an HTTP status from 400 on',
    '$[0].code: is missing',
    '$[0].message: is missing',
    '$[0].colour: is not known for refuse',
    '$[1].when: expected one of before, after',
    '$[2].method: is not known for lose-event',
    expect.stringMatching(/^\$\[3\]\.kind: expected one of refuse, throttle, /),
    '$[3].path: is missing',
    '$[5]: expected an object',
    '$[6].body: expected a text, which may be empty',
    '$[6].code: is not known for refuse',
    '$[7].contentType: is not known for refuse',
  ]);
  expect(faults.list()).toEqual([]);
  expect((await ask('POST', '/faults', 'no JSON')).status).toBe(400);
  expect((await ask('POST', '/faults')).status).toBe(400);
});

test('faults do not reach it, and nothing of it is counted', async () => {
  const { ask, faults, truth } = anAzure();
  faults.dropNext({ path: /faults/ }, 'before');
  faults.refuseNext({ path: /./ }, { status: 500, code: 'InternalError', message: 'no' });

  expect((await ask('GET', '/faults')).body).toHaveLength(2);
  expect(truth()).toMatchObject({ requests: {}, notSimulated: [] });
});

test('it tells the truth and announces what somebody is said to have changed', async () => {
  const { ask, vmId, truth } = anAzure();

  expect((await ask('GET', '/truth')).body).toEqual(JSON.parse(JSON.stringify(truth())));
  expect((await ask('POST', '/announce', { resourceId: vmId })).status).toBe(202);
  expect(await ask('POST', '/announce', { resourceId: 'vm-1' })).toEqual({
    status: 400,
    body: { errors: ['$.resourceId: expected the ARM ID of a resource'] },
  });
  expect((await ask('GET', '/elsewhere')).status).toBe(404);
});

const FAILED = { code: 'InternalExecutionError', message: 'An internal error occurred.' };

test.for<[leaves: 'nothing' | 'effect', type: string]>([
  ['nothing', 'EncryptionAtRestWithPlatformKey'],
  ['effect', 'EncryptionAtRestWithCustomerKey'],
])('a disk update that fails and leaves %s: %s', async ([leaves, type]) => {
  const { ask, compute } = anAzure();
  const { id = '' } = await compute.diskEncryptionSets.get('rg-test', 'des-1');
  await ask('POST', '/faults', { kind: 'fail-operation', path: 'disk-1', ...FAILED, leaves });

  const change = {
    encryption: { type: 'EncryptionAtRestWithCustomerKey', diskEncryptionSetId: id },
  };
  const failed = await refusal(inVirtualTime(compute.disks.update('rg-test', 'disk-1', change)));

  expect(failed.code).toBe(FAILED.code);
  const disk = await compute.disks.get('rg-test', 'disk-1');
  expect(disk).toMatchObject({ encryption: { type }, provisioningState: 'Succeeded' });
});

test.for<[action: 'deallocate' | 'start', leaves: 'nothing' | 'effect', power: string]>([
  ['deallocate', 'nothing', 'running'],
  ['deallocate', 'effect', 'deallocated'],
  ['start', 'nothing', 'deallocated'],
  ['start', 'effect', 'running'],
])('%s that fails and leaves %s: the machine is %s', async ([action, leaves, power]) => {
  const { ask, compute, powerState } = anAzure();
  if (action === 'start') {
    await inVirtualTime(compute.virtualMachines.deallocate('rg-test', 'vm-1'));
  }
  await ask('POST', '/faults', { kind: 'fail-operation', path: `${action}$`, ...FAILED, leaves });

  const failed = await refusal(inVirtualTime(compute.virtualMachines[action]('rg-test', 'vm-1')));

  expect(failed.code).toBe(FAILED.code);
  expect(powerState('vm-1')).toBe(power);
});
