import { existsSync } from 'node:fs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { rebuild } from './rebuild.ts';
import { differences, type Json, RECORDED, readRecorded, type Sample } from './recorded.ts';

const held = existsSync(RECORDED);
const samples = held
  ? readRecorded<Sample[]>('samples/index.json').filter(({ request }) => request.startsWith('GET'))
  : [];

/** Access by key: whether a machine has one, its owner decides. */
const SSH = /linuxConfiguration\.ssh/;
/** A system disk outside managed disks, which are all that is simulated. */
const UNMANAGED = /osDisk\.(vhd|managedDisk)/;

/** What ours cannot be, by sample: made in another way, or in another year. */
const OTHERWISE: Readonly<Record<string, readonly RegExp[]>> = {
  // Its image of 2022 told less of itself.
  'disk-confidential-cmk.json': [/supportsHibernation$/],
  // Recorded in the month in which disks began to tell of their encryption.
  'disk-ade-encryptionSettingsCollection.json': [/\.encryption(\.type)?$/],
  // In no document, so that a strict reader would stumble.
  'disk-ultra.json': [/readOnly$/],
  'vm-iv-running-linux.json': [SSH, UNMANAGED],
  'vm-iv-deallocated-linux.json': [SSH],
  'vm-iv-stopped-linux.json': [SSH, UNMANAGED],
  'vm-encryptionathost.json': [SSH],
  // An identity of the machine's own, and the settings of an extension.
  'vm-iv-running-windows-ade.json': [
    /\.identity/,
    /encryptionIdentity/,
    /substatuses/,
    /settings\./,
    /status\.message$/,
  ],
  // An image of the owner's own.
  'vm-iv-des.json': [SSH, /imageReference/],
  // Recorded before machines had an etag.
  'vm-des.json': [/etag$/, /enableVMAgentPlatformUpdates$/],
  // Made of a disk, so that it has neither image nor first user.
  'vm-confidential.json': [/imageReference/, /osProfile/],
  // Its agent never reported.
  'vm-instanceview-endpoint.json': [/computerName$/, /os(Name|Version)$/, /extensionHandlers$/],
  // An elliptic curve; disks take RSA only.
  'key-deleted.json': [/key\.(crv|x|y|n|e)$/],
  'vault-rbac.json': [/ipRules\[\]/],
};

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test.skipIf(held)(
  'recorded bodies (skipped: the recordings are not beside this checkout)',
  () => {},
);

test.for(samples.map((sample) => [sample.what, sample] as const))(
  'has the keys, types and casing of what was recorded: %s',
  async ([, sample]) => {
    const recorded = readRecorded<Json>(`samples/${sample.file}`);

    const ours = await rebuild(sample, recorded);

    const allowed = OTHERWISE[sample.file] ?? [];
    const found = differences(recorded, ours);
    expect(found.filter((it) => !allowed.some((pattern) => pattern.test(it)))).toEqual([]);
  },
);
