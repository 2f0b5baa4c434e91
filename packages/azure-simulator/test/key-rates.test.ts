import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSimulator } from '../src/simulator.ts';
import { clientsOf, refusal } from './clients.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function anAzure({ speed = 1, vaults = 1, kind = 'vault' as 'vault' | 'hsm' } = {}) {
  const simulator = createSimulator({ speed });
  const { handle, estate } = simulator;
  for (let n = 1; n <= vaults; n += 1) estate.addVault({ name: `kv-${n}`, kind });
  const host = kind === 'hsm' ? 'managedhsm' : 'vault';
  const ask = async (method: string, path: string, body?: object, vault = 'kv-1') => {
    const request = new Request(`https://${vault}.${host}.azure.net${path}?api-version=7.4`, {
      method,
      headers: { authorization: 'Bearer static', 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return handle(request);
  };
  /** How many of such calls are answered until one is refused. */
  const countUntilRefused = async (call: (n: number) => Promise<Response>) => {
    for (let n = 0; n < 12_000; n += 1) if ((await call(n)).status === 429) return n;
    return Number.POSITIVE_INFINITY;
  };
  const create = (kty: string, key_size = 2048) => ask('POST', '/keys/k/create', { kty, key_size });
  const get = () => ask('GET', '/keys/k');
  return { simulator, ask, create, get, countUntilRefused };
}

test.for<[kty: string, bits: number, reads: number]>([
  ['RSA', 2048, 4000],
  ['RSA', 4096, 500],
  ['RSA-HSM', 2048, 2000],
  ['RSA-HSM', 3072, 500],
  ['RSA-HSM', 4096, 250],
])('a vault reads an %s key of %i bits %i times in ten seconds', async ([kty, bits, reads]) => {
  const { create, get, countUntilRefused, simulator } = anAzure();
  await create(kty, bits);

  expect(await countUntilRefused(get)).toBe(reads);
  expect(simulator.truth().throttled).toBe(1);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(await countUntilRefused(get)).toBe(reads / 2);
});

test('the refusal is worded as Key Vault words it, without a time to wait', async () => {
  const { create, ask, countUntilRefused, simulator } = anAzure();
  await countUntilRefused(() => create('RSA'));

  const refused = await ask('POST', '/keys/k/rotate');

  expect(refused.status).toBe(429);
  expect(await refused.json()).toEqual({
    error: {
      code: 'Throttled',
      message: expect.stringMatching(/too many requests were received\. Reason: Vault/),
    },
  });
  expect(refused.headers.get('retry-after')).toBeNull();
  expect(refused.headers.get('x-ms-keyvault-service-version')).not.toBeNull();
  expect((await ask('GET', '/keys/k')).status).toBe(200);
  expect(await refusal(clientsOf(simulator).keys('kv-1').rotateKey('k'))).toEqual({
    code: 'Throttled',
    status: 429,
  });
});

test.for<[kty: string, creations: number]>([
  ['RSA', 20],
  ['RSA-HSM', 10],
])('a vault makes %s keys %i times in ten seconds', async ([kty, creations]) => {
  const { create, countUntilRefused } = anAzure();

  expect(await countUntilRefused(() => create(kty))).toBe(creations);
});

test('the vaults of a subscription are given five times as much together', async () => {
  const { ask, countUntilRefused } = anAzure({ vaults: 7 });

  const made = await countUntilRefused((n) =>
    ask('POST', '/keys/k/create', { kty: 'RSA' }, `kv-${(n % 7) + 1}`),
  );

  expect(made).toBe(100);
});

test('a managed HSM has limits of its own', async () => {
  const { create, get, countUntilRefused } = anAzure({ kind: 'hsm' });

  expect(await countUntilRefused(() => create('RSA-HSM'))).toBe(10);
  expect(await countUntilRefused(get)).toBe(11_000);
});

test('the speed refills them sooner', async () => {
  const { create, countUntilRefused } = anAzure({ speed: 10 });
  await countUntilRefused(() => create('RSA'));

  await vi.advanceTimersByTimeAsync(1_000);

  expect(await countUntilRefused(() => create('RSA'))).toBe(20);
});
