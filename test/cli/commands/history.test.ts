import { Writable } from 'node:stream';
import { type Host, startHost } from '@keyturn/functions-host/host';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { history } from '../../../src/cli/commands/history.ts';
import { registerGetHistory } from '../../../src/functions/http/get-history.ts';
import { connectStore } from '../../../src/store/connect-store.ts';
import { sqliteTable } from '../../../src/store/sqlite-table.ts';
import type { Journal } from '../../../src/store/store.ts';
import { aRecord, begun } from '../../store/a-record.ts';
import { vmId } from '../../support/builders.ts';

const KEY = 'a-function-key';
const KEYS = { master: 'm', function: KEY, eventGrid: 'e', durableTask: 'd' };
const RECORDS = 1_203;

let host: Host;
let journal: Journal;

beforeAll(async () => {
  ({ journal } = connectStore(sqliteTable(':memory:')));
  const firstMs = Date.UTC(2026, 0, 1);
  for (let index = 1; index <= RECORDS; index += 1) {
    const beganAt = new Date(firstMs + index * 60_000).toISOString();
    const record = aRecord({ id: `${index}`, beganAt, target: vmId(`vm-${index % 2}`) });
    await journal.end(index === RECORDS ? begun(record) : record);
  }
  host = await startHost({
    load: () => registerGetHistory(journal),
    stateFile: ':memory:',
    port: 0,
    keys: KEYS,
  });
});

afterAll(() => host.stop());

async function keyturnHistory(...args: readonly string[]) {
  const said = { out: '', err: '' };
  const stream = (name: keyof typeof said) =>
    new Writable({
      write: (chunk, _, done) => {
        said[name] += String(chunk);
        done();
      },
    });
  const exitCode = await history(['--url', host.url, '--key', KEY, ...args], {
    out: stream('out'),
    err: stream('err'),
    environment: {},
    interrupted: new AbortController().signal,
  });
  return { exitCode, ...said };
}

test('shows a table of the newest hundred', async () => {
  const { exitCode, out, err } = await keyturnHistory();
  const [headings = '', , first = '', second = '', ...rest] = out.trimEnd().split('\n');

  expect([exitCode, err, rest.length]).toEqual([0, '', 98]);
  expect(headings.split(/ {2,}/)).toEqual([
    ...[
      'Target',
      'Began',
      'Outcome',
      'Off for',
      'Disks',
      'Problems',
      'Asked for by',
      'Approved by',
    ],
  ]);
  expect(first.split(/ {2,}/)).toEqual([
    ...['vm-1', '2026-01-01T20:03:00.000Z', 'under-way', '1', 'sweep'],
  ]);
  expect(second.split(/ {2,}/)).toEqual([
    ...['vm-0', '2026-01-01T20:02:00.000Z', 'converted', '61 s', '1', 'sweep'],
  ]);
});

test('shows which disk was refused, with the code, and which step where no disk was', async () => {
  const [disk] = aRecord().disks;
  const [step] = aRecord().steps;
  if (disk === undefined || step === undefined) throw new Error('A record has a disk and a step.');
  const refused = { ...disk, outcome: 'refused', code: 'OperationNotAllowed' };
  const start = { ...step, step: 'start', code: 'AllocationFailed' };
  for (const [name, parts] of Object.entries({
    'vm-refused': { disks: [disk, refused] },
    'vm-left-off': { steps: [step, start, start] },
  })) {
    const target = vmId(name);
    await journal.end(
      aRecord({
        id: name,
        beganAt: '2025-01-01T00:00:00.000Z',
        target,
        outcome: 'failed',
        ...parts,
      }),
    );
  }

  const { out } = await keyturnHistory('--outcome', 'failed');

  expect(out).toMatch(/^vm-refused .* 2 +data-1: OperationNotAllowed +sweep$/m);
  expect(out).toMatch(/^vm-left-off .* 1 +start: AllocationFailed +sweep$/m);
});

test('goes through as many pages as it takes', async () => {
  const { out } = await keyturnHistory('--output', 'json', '--top', '1100');
  const ids = (JSON.parse(out) as readonly { id: string }[]).map(({ id }) => Number(id));

  expect(ids).toEqual(Array.from({ length: 1_100 }, (_, index) => RECORDS - index));
});

test('hands its filters on, and gives CSV', async () => {
  const { out } = await keyturnHistory(
    ...['--target', vmId('vm-0'), '--outcome', 'converted', '--requested-by', 'sweep'],
    ...['--since', '2026-01-01T00:01:00Z', '--until', '2026-01-01T00:05:00Z', '-o', 'csv'],
  );

  expect(out.split('\r\n').map((line) => line.split(',')[0])).toEqual(['id', '4', '2', '']);
});

test('says that there is nothing, and nothing on stdout', async () => {
  expect(await keyturnHistory('--outcome', 'gone')).toEqual({
    exitCode: 0,
    out: '',
    err: 'The journal holds no such conversion.\n',
  });
});

test.for<[args: string, problem: RegExp]>([
  ['--top 0', /--top is "0"/],
  ['--top many', /--top is "many"/],
  ['--output xml', /--output is "xml"; it must be table, json or csv\./],
  ['--since yesterday', /--since is "yesterday"; it must be a date, /],
  ['--until 2026-13-01', /--until is "2026-13-01"/],
  ['--target vm-1', /--target is "vm-1"; it must be the ARM ID of a VM or disk\./],
  ['--outcome nonsense', /--outcome is "nonsense"; it must be one of .*converted, failed/],
  ['--colour', /colour/],
])('refuses %s', async ([args, problem]) => {
  await expect(keyturnHistory(...args.split(' '))).rejects.toThrow(problem);
});
