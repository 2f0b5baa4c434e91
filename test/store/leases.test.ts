import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Lease } from '../../src/domain/turn/lease.ts';
import { leasesIn } from '../../src/store/leases.ts';
import { sqliteTable } from '../../src/store/sqlite-table.ts';
import type { Leases } from '../../src/store/store.ts';
import { StoreUnavailableError } from '../../src/store/store-unavailable-error.ts';
import type { Table } from '../../src/store/table.ts';
import { vmId } from '../support/builders.ts';
import { BACKENDS } from './tables.ts';

describe.for(BACKENDS)('leases in $name', ({ create, skipped }) => {
  test.skipIf(skipped)('are given to as many as there are places for', async () => {
    const open = await create();
    const names = ['1', '2', '3', '4', '5', '6'];
    const caps = [
      { key: 'vms', limit: 3 },
      { key: 'region/westeurope', limit: null },
    ];

    const answers = await Promise.all(
      names.map((name) =>
        leasesIn(open()).take({ holder: name, vmId: vmId(name), caps, untilMs: 1_000 }),
      ),
    );

    const taken = names.filter((_, index) => answers[index]?.kind === 'taken');
    expect(taken).toHaveLength(3);
    expect(answers.filter(({ kind }) => kind === 'full')).toEqual(
      Array.from({ length: 3 }, () => ({ kind: 'full', key: 'vms' })),
    );
    const leases = leasesIn(open());
    expect((await leases.list()).map(({ holder }) => holder).toSorted()).toEqual(taken);

    const [first = '', second = ''] = taken;
    await leases.release(first);
    await leases.release(first);
    expect(await leases.renew(second, 2_000)).toBe('renewed');
    expect((await leases.expire(1_000)).map(({ holder }) => holder)).toEqual(taken.slice(2));
    expect(await leases.renew(taken[2] ?? '', 2_000)).toBe('lost');
    expect((await leases.list()).map(({ holder }) => holder)).toEqual([second]);
  });
});

const LIMITS = { vms: 3, 'region/a': 2, 'region/b': 1, 'set/x': 2 } as const;
const KEYS = Object.keys(LIMITS) as readonly (keyof typeof LIMITS)[];
const EACH_UNTIL_MS = 10;

type Deed =
  | { readonly kind: 'take'; readonly vm: number; readonly keys: readonly (typeof KEYS)[number][] }
  | { readonly kind: 'renew' | 'release'; readonly vm: number }
  | { readonly kind: 'expire' };

const vm = fc.nat(6);
const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('take' as const), vm, keys: fc.subarray([...KEYS]) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('renew' as const, 'release' as const), vm }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('expire' as const) }) },
);

/** What happens to a call: all is well, it never arrives, or its answer is lost. */
type Fate = 'well' | 'lost' | 'answer-lost';
const fate = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Fate>('well') },
  { weight: 1, arbitrary: fc.constantFrom<Fate>('lost', 'answer-lost') },
);

/** Each book that was ever written, in order. */
function recording(table: Table, books: (readonly Lease[])[]): Table {
  const note = (answer: string, text = '[]'): void => {
    if (answer === 'inserted' || answer === 'replaced') books.push(JSON.parse(text));
  };
  return {
    ...table,
    insert: async (row) => {
      const answer = await table.insert(row);
      note(answer, row.properties['text']);
      return answer;
    },
    replace: async (row, etag) => {
      const answer = await table.replace(row, etag);
      note(answer, row.properties['text']);
      return answer;
    },
  };
}

/** One process's line to the table: calls take turns as the scheduler likes, and some are lost. */
function overLine(table: Table, scheduler: fc.Scheduler, fates: Iterator<Fate>): Table {
  const sent = async <T>(call: () => Promise<T>): Promise<T> => {
    const happens = fates.next().value ?? 'well';
    await scheduler.schedule(Promise.resolve(), 'request');
    if (happens === 'lost') throw new StoreUnavailableError('test', { code: 'lost' });
    const answer = await call();
    await scheduler.schedule(Promise.resolve(), 'answer');
    if (happens === 'answer-lost') throw new StoreUnavailableError('test', { code: 'lost' });
    return answer;
  };
  return {
    ...table,
    get: (partition, row) => sent(() => table.get(partition, row)),
    insert: (row) => sent(() => table.insert(row)),
    replace: (row, etag) => sent(() => table.replace(row, etag)),
  };
}

/** Repeats, as an activity's retry does; null when nothing helped. */
async function insist<T>(call: () => Promise<T>): Promise<T | null> {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
    }
  }
  return null;
}

function leaseOf(books: readonly (readonly Lease[])[], holder: string): Lease | undefined {
  return books.at(-1)?.find((lease) => lease.holder === holder);
}

/** What one process does, and whether what it is told is so. */
async function act(
  leases: Leases,
  books: readonly (readonly Lease[])[],
  done: Deed,
  nowMs: number,
) {
  if (done.kind === 'expire') {
    await insist(() => leases.expire(nowMs));
    return;
  }
  const holder = `vm-${done.vm}`;
  const untilMs = nowMs + EACH_UNTIL_MS;
  if (done.kind === 'release') await insist(() => leases.release(holder));
  if (done.kind === 'renew') {
    const written = books.length;
    const renewed = await insist(() => leases.renew(holder, untilMs));
    const seen = books.slice(written - 1);
    const holds = (book: readonly Lease[]) => book.some((lease) => lease.holder === holder);
    if (renewed === 'renewed') expect(seen.some(holds)).toBe(true);
    if (renewed === 'lost') expect(seen.every(holds)).toBe(false);
  }
  if (done.kind === 'take') {
    const caps = done.keys.map((key) => ({ key, limit: LIMITS[key] }));
    const written = books.length;
    const request = { holder, vmId: vmId(holder), caps, untilMs };
    const taken = await insist(() => leases.take(request));
    const seen = books.slice(written - 1).flat();
    if (taken?.kind === 'taken') expect(seen.some((lease) => lease.holder === holder)).toBe(true);
  }
}

function nameOf(holder: string, keys: readonly string[]): string {
  return `${holder}: ${keys.toSorted()}`;
}

function expectSound(book: readonly Lease[], wanted: readonly string[]): void {
  for (const key of KEYS) {
    const count = book.filter(({ keys }) => keys.includes(key)).length;
    expect(count).toBeLessThanOrEqual(LIMITS[key]);
  }
  expect(new Set(book.map(({ holder }) => holder)).size).toBe(book.length);
  for (const { holder, keys } of book) expect(wanted).toContain(nameOf(holder, keys));
}

describe('however several processes take turns, and whatever calls and answers are lost,', () => {
  test('no cap is exceeded, a lease counts for all of its caps or none, and no VM has two', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.array(deed, { maxLength: 6 }), { minLength: 2, maxLength: 5 }),
        fc.infiniteStream(fate),
        async (scheduler, processes, fates) => {
          const books: (readonly Lease[])[] = [[]];
          const table = recording(sqliteTable(':memory:'), books);
          const wanted = processes
            .flat()
            .flatMap((each) => (each.kind === 'take' ? [nameOf(`vm-${each.vm}`, each.keys)] : []));
          let nowMs = 0;
          const runs = processes.map(async (deeds) => {
            const leases = leasesIn(overLine(table, scheduler, fates));
            for (const each of deeds) {
              nowMs += 3;
              await act(leases, books, each, nowMs);
            }
          });
          await scheduler.waitFor(Promise.all(runs));

          for (const book of books) expectSound(book, wanted);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('everything is free again after all have released or been expired', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.array(deed, { maxLength: 6 }), { minLength: 2, maxLength: 4 }),
        fc.infiniteStream(fate),
        async (scheduler, processes, fates) => {
          const books: (readonly Lease[])[] = [[]];
          const table = recording(sqliteTable(':memory:'), books);
          const runs = processes.map(async (deeds) => {
            const leases = leasesIn(overLine(table, scheduler, fates));
            for (const each of deeds) await act(leases, books, each, 0);
          });
          await scheduler.waitFor(Promise.all(runs));

          const leases = leasesIn(table);
          const held = (await leases.list()).map(({ holder }) => holder);
          expect(held).toEqual((books.at(-1) ?? []).map(({ holder }) => holder));
          const [first] = held;
          if (first !== undefined) await leases.release(first);
          const expired = await leases.expire(EACH_UNTIL_MS);

          expect(expired.map(({ holder }) => holder)).toEqual(held.slice(1));
          expect(leaseOf(books, first ?? '')).toBeUndefined();
          for (const holder of held) expect(await leases.renew(holder, 99)).toBe('lost');
          const caps = KEYS.map((key) => ({ key, limit: LIMITS[key] }));
          const request = { holder: 'next', vmId: vmId('next'), caps, untilMs: 99 };
          expect(await leases.take(request)).toEqual({ kind: 'taken' });
        },
      ),
      { numRuns: 100 },
    );
  });
});

test('more VMs at once than a row can name have to wait', async () => {
  const leases = leasesIn(sqliteTable(':memory:'));
  const caps = [{ key: `set/${'x'.repeat(1_000)}`, limit: null }];
  const take = (index: number) =>
    leases.take({ holder: `vm-${index}`, vmId: vmId(`vm-${index}`), caps, untilMs: 1 });
  let taken = 0;
  while ((await take(taken)).kind === 'taken') taken += 1;

  expect(taken).toBeGreaterThan(200);
  expect(await take(taken)).toEqual({ kind: 'full', key: 'leases' });
  await leases.release('vm-7');
  expect(await take(taken)).toEqual({ kind: 'taken' });
});
