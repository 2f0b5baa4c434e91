import { existsSync } from 'node:fs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { object, pick, text } from './json.ts';
import { addSetsIn, request } from './rebuild.ts';
import { Rebuilding } from './rebuilding.ts';
import { differences, type Json, RECORDED, readRecorded, type Sample } from './recorded.ts';

const held = existsSync(RECORDED);
const samples = held
  ? readRecorded<Sample[]>('samples/index.json').filter(({ request: it }) => !it.startsWith('GET'))
  : [];

/** Makes what the recorded call presupposes, and says what its caller sent. */
type Prepare = (again: Rebuilding, recorded: Json) => Promise<unknown> | unknown;

const PREPARED: Readonly<Record<string, Prepare>> = {
  'des-put-202-body.json': (again, recorded) => {
    again.addGroup(again.url.pathname);
    const properties = pick(object(recorded, 'properties'), ['activeKey']);
    return { ...pick(recorded, ['location', 'identity']), properties };
  },
  'disk-put-202-body-cmk-update.json': async (again, recorded) => {
    const id = text(recorded, 'id');
    const asked = request(recorded);
    const { encryption: _, ...before } = object(asked, 'properties');
    addSetsIn(again, object(recorded, 'properties'), text(recorded, 'location'));
    again.addGroup(id);
    await again.write(id, { ...asked, properties: before });
    return asked;
  },
  'key-create.json': (again) => {
    addVault(again);
    return { kty: 'RSA' };
  },
  'key-delete-response.json': addKey,
  'key-patch.json': (again, recorded) => {
    addKey(again);
    return { attributes: pick(object(recorded, 'attributes'), ['nbf', 'exp']), tags: {} };
  },
  'key-rotate.json': async (again) => {
    addKey(again);
    const policy = { attributes: { expiryTime: 'P30D' }, lifetimeActions: [] };
    await again.send(new URL('rotationpolicy', again.url), 'PUT', policy);
  },
  'vault-put-200-registeringdns.json': (again, recorded) => {
    again.addGroup(again.url.pathname);
    const properties = pick(object(recorded, 'properties'), [
      'sku',
      'tenantId',
      'accessPolicies',
      'enabledForDeployment',
      'enableSoftDelete',
      'softDeleteRetentionInDays',
      'enableRbacAuthorization',
      'publicNetworkAccess',
    ]);
    const tenantId = again.simulator.tenantId;
    return { ...pick(recorded, ['location', 'tags']), properties: { ...properties, tenantId } };
  },
};

/** What ours cannot be: an elliptic curve; disks take RSA only. */
const OTHERWISE: Readonly<Record<string, RegExp>> = {
  'key-delete-response.json': /key\.(crv|x|y|n|e)$/,
};

function addVault({ simulator, url }: Rebuilding): string {
  const [name = ''] = url.hostname.split('.');
  simulator.estate.addVault({ name, retentionDays: 7, purgeProtection: false });
  return name;
}

function addKey(again: Rebuilding): void {
  const name = again.url.pathname.split('/')[2] ?? '';
  again.simulator.estate.addKey(addVault(again), { name, expiresInDays: null });
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test.skipIf(held)(
  'recorded writes (skipped: the recordings are not beside this checkout)',
  () => {},
);

test.for(samples.map((sample) => [sample.what, sample] as const))(
  'answers a write with the keys, types and casing of what was recorded: %s',
  async ([, { file, request: asked }]) => {
    const recorded = readRecorded<Json>(`samples/${file}`);
    const [method = '', url = ''] = asked.split(' ');
    const again = new Rebuilding(new URL(url));
    const body = await PREPARED[file]?.(again, recorded);

    const ours = await again.send(again.url, method, body);

    const otherwise = OTHERWISE[file];
    const found = differences(recorded, ours).filter((it) => !otherwise?.test(it));
    expect(found).toEqual([]);
  },
);
