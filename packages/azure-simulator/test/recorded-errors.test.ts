import { existsSync } from 'node:fs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSimulator } from '../src/simulator.ts';
import { RECORDED, readRecorded } from './recorded.ts';

interface RecordedError {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly headers: Readonly<Record<string, string>>;
}

const held = existsSync(RECORDED);
const recorded = held ? readRecorded<RecordedError[]>('errors.json') : [];

const GROUP = 'resourceGroups/rg-test/providers';
const NOWHERE = 'resourceGroups/rg-none/providers';
const RESOURCES = ['diskencryptionsets', 'disks', 'snapshots', 'virtualmachines'];

/** A call that ends as the recorded one did. */
interface Provocation {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  /** Without a token. */
  readonly stranger?: true;
}

/** By method, path, status and code: how the same refusal is had here. */
function provocationOf({ method, path, status, code, message }: RecordedError): Provocation | null {
  const [provider = '', type = ''] = path.split('/');
  // The wording of 2021.
  if (message.startsWith('Key not found:')) return null;
  if (/^vault:(deleted)?keys/.test(path)) return vaultProvocation(method, path, message);
  if (code === 'ResourceGroupNotFound' && (RESOURCES.includes(type) || type === 'vaults')) {
    // Machines cannot be deleted here.
    if (method === 'DELETE' && type === 'virtualmachines') return null;
    return { method, path: `${NOWHERE}/${provider}/${type}/none` };
  }
  if (code === 'ResourceNotFound' && method === 'GET' && [...RESOURCES, 'vaults'].includes(type)) {
    return { method, path: `${GROUP}/${provider}/${type}/none` };
  }
  if (code === 'NotFound' && method === 'PUT' && type === 'snapshots') {
    return { method, path: `${GROUP}/${provider}/snapshots/new`, body: copyOf('none') };
  }
  if (code === 'KeyVaultAndDiskInDifferentRegions' && status === 409) {
    const properties = {
      creationData: { createOption: 'Empty' },
      diskSizeGB: 8,
      encryption: {
        diskEncryptionSetId: `${SUBSCRIPTION}/${GROUP}/Microsoft.Compute/diskEncryptionSets/des-far`,
      },
    };
    return {
      method,
      path: `${GROUP}/${provider}/disks/new`,
      body: { location: 'westeurope', properties },
    };
  }
  return null;
}

function vaultProvocation(method: string, path: string, message: string): Provocation | null {
  if (message.startsWith('AKV10000: ')) {
    return { method, path: path.replace('vault:', '/').replace('*', 'k'), stranger: true };
  }
  if (!message.startsWith('A key with (name/id)') || /backup|restore/.test(path)) return null;
  if (path.endsWith('/recover')) return { method, path: '/deletedkeys/none/recover' };
  if (path.endsWith('rotate')) return { method, path: '/keys/none/rotate' };
  if (method === 'PATCH') return { method, path: '/keys/none/1', body: {} };
  return { method, path: '/keys/none' };
}

const SUBSCRIPTION = '/subscriptions/5d4f6a0e-3c1b-4f7e-9a52-0c7e8b1d2f30';

function copyOf(disk: string): object {
  const sourceResourceId = `${SUBSCRIPTION}/${GROUP}/Microsoft.Compute/disks/${disk}`;
  return {
    location: 'westeurope',
    properties: { creationData: { createOption: 'Copy', sourceResourceId } },
  };
}

/** A message with names, places and numbers taken out, and the hint that younger answers end with. */
function pattern(message: string): string {
  return message
    .replace(/ For more details please go to \S+$/, '')
    .replaceAll(/'[^']*'/g, "'…'")
    .replace(/Resource \S+ is/, 'Resource … is')
    .replace(/\(name\/id\) \S+/, '(name/id) …');
}

/** One that the type has: what is refused otherwise is another story. */
function versionFor(path: string): string {
  if (/virtualMachines|keyvault/i.test(path)) return '2022-11-01';
  return '2023-04-02';
}

const pairs = recorded.flatMap((error) => {
  const provocation = provocationOf(error);
  return provocation
    ? [[`${error.method} ${error.path} ${error.code}`, error, provocation] as const]
    : [];
});

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test.skipIf(held)(
  'recorded errors (skipped: the recordings are not beside this checkout)',
  () => {},
);

test.skipIf(!held)('finds the recorded errors that can be had here', () => {
  expect(pairs.length).toBeGreaterThan(20);
});

test.for(pairs)(
  'refuses as Azure was recorded to refuse: %s',
  async ([, error, { method, path, body, stranger }]) => {
    const { estate, handle } = createSimulator();
    estate.addGroup({ name: 'rg-test' });
    estate.addVault({ name: 'kv-near', keys: [] });
    estate.addVault({ name: 'kv-far', location: 'northeurope', keys: [{ name: 'k' }] });
    estate.addEncryptionSet({ name: 'des-far', key: 'kv-far/k' });
    const url = /^\/(deleted)?keys/.test(path)
      ? `https://kv-near.vault.azure.net${path}?api-version=7.5`
      : `https://management.azure.com${SUBSCRIPTION}/${path}?api-version=${versionFor(path)}`;

    const answered = await handle(
      new Request(url, {
        method,
        headers: {
          'content-type': 'application/json',
          ...(stranger ? {} : { authorization: 'Bearer static' }),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
      }),
    );

    const { error: ours } = (await answered.json()) as { error: { code: string; message: string } };
    expect(answered.status).toBe(error.status);
    expect(ours.code).toBe(error.code);
    expect(pattern(ours.message)).toBe(pattern(error.message));
    expect(answered.headers.get('x-ms-failure-cause')).toBe(
      error.headers['x-ms-failure-cause'] ?? null,
    );
  },
);
