import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSimulator } from '../src/simulator.ts';
import { refusalOf } from './a-request.ts';
import { clientsOf, inVirtualTime, refusal } from './clients.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const ALL = ['encrypt', 'decrypt', 'sign', 'verify', 'wrapKey', 'unwrapKey'];

function aVault() {
  const simulator = createSimulator();
  simulator.estate.addVault({ name: 'kv-1' });
  const { keys, compute } = clientsOf(simulator);
  return { simulator, estate: simulator.estate, compute, client: keys('kv-1') };
}

/** What a POST of a use of the key says. */
function use(simulator: ReturnType<typeof aVault>['simulator'], path: string) {
  return refusalOf(simulator, `https://kv-1.vault.azure.net/keys/${path}?api-version=7.4`, {
    method: 'POST',
    body: { alg: 'RSA-OAEP-256', value: 'AAAA' },
  });
}

test('a key is for what was asked at its making, and for everything otherwise', async () => {
  const { client } = aVault();

  const signing = await client.createRsaKey('signing', { keyOps: ['sign', 'verify'] });
  const any = await client.createRsaKey('any');

  expect(signing.keyOperations).toEqual(['sign', 'verify']);
  expect((await client.getKey('signing')).keyOperations).toEqual(['sign', 'verify']);
  expect(any.keyOperations).toEqual(ALL);
});

test('a rotation keeps what a key is for, and a change of a version changes that one only', async () => {
  const { client } = aVault();
  const { properties } = await client.createRsaKey('k', { keyOps: ['wrapKey', 'unwrapKey'] });

  const rotated = await client.rotateKey('k');
  await client.updateKeyProperties('k', { keyOps: ['sign'] });

  expect(rotated.keyOperations).toEqual(['wrapKey', 'unwrapKey']);
  expect((await client.getKey('k')).keyOperations).toEqual(['sign']);
  const first = await client.getKey('k', { version: properties.version ?? '' });
  expect(first.keyOperations).toEqual(['wrapKey', 'unwrapKey']);
});

test('a use that a key is not for is refused, and the others are not carried out here', async () => {
  const { simulator, client } = aVault();
  await client.createRsaKey('k', { keyOps: ['sign'] });

  const wrapped = await use(simulator, 'k/wrapkey');
  const signed = await use(simulator, 'k/sign');

  expect(wrapped).toMatchObject({
    status: 403,
    code: 'Forbidden',
    message: 'Operation wrapKey is not permitted on this key.',
  });
  expect(signed).toMatchObject({ status: 501, code: 'NotSimulated' });
});

test.for<[what: string, body: object, status: number]>([
  ['a word that is none', { kty: 'RSA', key_ops: ['fly'] }, 400],
  ['no list', { kty: 'RSA', key_ops: 'sign' }, 400],
  ['a key to export', { kty: 'RSA', key_ops: ['export'] }, 501],
  ['an exportable key', { kty: 'RSA', attributes: { exportable: true } }, 501],
  ['a policy of release', { kty: 'RSA', release_policy: { data: 'e30' } }, 501],
  ['another exponent', { kty: 'RSA', public_exponent: 3 }, 501],
])('a key is not made of %s', async ([, body, status]) => {
  const { simulator } = aVault();

  const said = await refusalOf(
    simulator,
    'https://kv-1.vault.azure.net/keys/k/create?api-version=7.4',
    { method: 'POST', body },
  );

  expect(said.status).toBe(status);
});

test('a key that cannot wrap serves no encryption set, until it can', async () => {
  const { estate, compute, client } = aVault();
  estate.addKey('kv-1', { name: 'disks', operations: ['sign', 'verify'] });
  const set = estate.addEncryptionSet({ name: 'des-1', key: 'kv-1/disks' });
  estate.addDisk({ name: 'disk-1' });
  const encrypt = () =>
    inVirtualTime(
      compute.disks.beginUpdateAndWait('rg-test', 'disk-1', {
        encryption: { type: 'EncryptionAtRestWithCustomerKey', diskEncryptionSetId: set },
      }),
    );

  expect(await refusal(encrypt())).toMatchObject({ code: 'KeyVaultAccessForbidden' });
  await client.updateKeyProperties('disks', { keyOps: ['wrapKey', 'unwrapKey'] });

  expect((await encrypt()).encryption?.type).toBe('EncryptionAtRestWithCustomerKey');
});

test('machines whose key can no longer unwrap are shut down', async () => {
  const { simulator, estate, client } = aVault();
  estate.addKey('kv-1', { name: 'disks' });
  estate.addEncryptionSet({ name: 'des-1', key: 'kv-1/disks' });
  estate.addVm({ name: 'vm-1', dataDisks: [{ encryptionSet: 'des-1' }] });

  await client.updateKeyProperties('disks', { keyOps: ['sign'] });
  await vi.advanceTimersByTimeAsync(60 * 60_000);

  expect(simulator.powerState('vm-1')).toBe('stopped');
});
