import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Exchange } from '@keyturn/azure-simulator/gateway';
import { afterAll, expect, test } from 'vitest';
import { openStateFolder, readKeys } from '../../../src/cli/serving/state-folder.ts';
import { readEstate } from '../../../src/cli/simulating/read-estate.ts';
import { recorder } from '../../../src/cli/simulating/recorder.ts';
import { UsageError } from '../../../src/cli/usage-error.ts';

const folder = mkdtempSync(join(tmpdir(), 'keyturn-cli-'));
const inFolder = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

function anExchange(differences: Partial<Exchange> = {}): Exchange {
  return {
    method: 'GET',
    url: 'https://management.azure.com/subscriptions/s?api-version=1',
    requestHeaders: {},
    requestBody: '',
    statusCode: 200,
    responseHeaders: {},
    responseBody: '',
    ...differences,
  };
}

test('makes keys once, for the owner alone, and keeps them', () => {
  const first = openStateFolder(inFolder('state'));
  const second = openStateFolder(inFolder('state'));

  expect(second.keys).toEqual(first.keys);
  expect(readKeys(inFolder('state'))).toEqual(first.keys);
  expect(new Set(Object.values(first.keys)).size).toBe(4);
  expect(Object.values(first.keys).every((key) => key.length >= 40)).toBe(true);
  expect(statSync(first.keysFile).mode & 0o777).toBe(0o600);
  expect(statSync(inFolder('state')).mode & 0o777).toBe(0o700);
});

test('there are no keys where no app was started', () => {
  expect(readKeys(inFolder('nowhere'))).toBeNull();
});

test.for<[what: string, content: string]>([
  ['cut off', '{"master": "a", "func'],
  ['empty', ''],
  ['no object', 'null'],
  ['not whole', '{"master": "a", "function": "b", "eventGrid": "c"}'],
  ['blank', '{"master": "a", "function": "", "eventGrid": "c", "durableTask": "d"}'],
])('keys that are %s are named, and not replaced', ([what, content]) => {
  const state = inFolder(what.replace(' ', '-'));
  mkdirSync(state);
  writeFileSync(join(state, 'keys.json'), content);

  expect(() => openStateFolder(state)).toThrow(UsageError);
  expect(() => openStateFolder(state)).toThrow(/keys\.json are damaged/);
  expect(readFileSync(join(state, 'keys.json'), 'utf8')).toBe(content);
});

test('says why a state folder cannot be used', () => {
  writeFileSync(inFolder('a-file'), '');

  expect(() => openStateFolder(inFolder('a-file'))).toThrow(/cannot be used: a file of that name/);
  expect(() => openStateFolder(inFolder('a-file/b'))).toThrow(/a part of the path is no folder/);
});

test('writes a line for each exchange, for the owner alone, and none of a sign-in', async () => {
  const recording = recorder(inFolder('traffic.jsonl'));

  recording?.record(anExchange());
  recording?.record(anExchange({ url: 'http://127.0.0.1:1/msi/token?resource=a' }));
  recording?.record(anExchange({ url: 'http://169.254.169.254/metadata/identity/oauth2/token' }));
  recording?.record(anExchange({ statusCode: 404 }));
  await recording?.close();

  const lines = readFileSync(inFolder('traffic.jsonl'), 'utf8').trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { statusCode: 200 },
    { statusCode: 404 },
  ]);
  expect(statSync(inFolder('traffic.jsonl')).mode & 0o777).toBe(0o600);
});

test('records nothing unless asked, and says why it cannot', () => {
  expect(recorder(undefined)).toBeNull();
  expect(() => recorder(folder)).toThrow(/cannot be written: it is a folder/);
  expect(() => recorder(inFolder('none/traffic.jsonl'))).toThrow(UsageError);
});

test('reads an estate, and lists all mistakes of one', () => {
  const estate = { subscriptionId: '5d4f6a0e-3c1b-4f7e-9a52-0c7e8b1d2f30', disks: [{ name: 'd' }] };
  writeFileSync(inFolder('good.json'), JSON.stringify(estate));
  writeFileSync(
    inFolder('bad.json'),
    JSON.stringify({ subscriptionId: 3, disks: [{ name: 'd', sizeGB: 'x' }, {}], more: 1 }),
  );
  writeFileSync(inFolder('no.json'), '{"disks": [');

  expect(readEstate(inFolder('good.json'))).toEqual(estate);
  expect(readEstate(undefined).disks?.length).toBeGreaterThan(5);
  expect(() => readEstate(inFolder('none.json'))).toThrow(/cannot be read: .*no such file/);
  expect(() => readEstate(inFolder('no.json'))).toThrow(/cannot be read: .*JSON/);
  const mistakes = ['subscriptionId', 'disks\\[0\\].sizeGB', 'disks\\[1\\].name', 'more'];
  expect(() => readEstate(inFolder('bad.json'))).toThrow(new RegExp(mistakes.join('[^]*')));
});
