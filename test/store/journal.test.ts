import { describe, expect, test } from 'vitest';
import type { ConversionRecord } from '../../src/domain/conversion/conversion-record.ts';
import { journalIn } from '../../src/store/journal.ts';
import type { Journal, JournalFilter } from '../../src/store/store.ts';
import { diskId, vmId } from '../support/builders.ts';
import { aRecord, begun } from './a-record.ts';
import { BACKENDS } from './tables.ts';

const anna = { objectId: '11111111-0000-0000-0000-000000000001', name: 'Anna@contoso.com' };

/** The record of the nth conversion, on its own minute. */
function nth(index: number, differences: Partial<ConversionRecord> = {}): ConversionRecord {
  const beganAt = new Date(Date.UTC(2026, 2, 1, 22, index)).toISOString();
  return aRecord({ id: `${index}`, beganAt, ...differences });
}

async function idsIn(journal: Journal, filter: JournalFilter = {}, top = 100) {
  const ids: string[] = [];
  let token: string | null = null;
  do {
    const page = await journal.find(filter, { top, token });
    ids.push(...(page?.records ?? []).map(({ id }) => id));
    token = page?.token ?? null;
  } while (token !== null);
  return ids;
}

describe.for(BACKENDS)('the journal in $name', ({ create, skipped }) => {
  test.skipIf(skipped)('shows a conversion as it began, then as it ended', async () => {
    const journal = journalIn((await create())());
    const record = aRecord();
    const read = async () => (await journal.find({}, { top: 10, token: null }))?.records;

    await journal.begin(begun(record));
    await journal.begin(begun(record));
    expect(await read()).toEqual([begun(record)]);

    await journal.end(record);
    await journal.end(record);
    // The first answer was lost, and the call is repeated late.
    await journal.begin(begun(record));
    expect(await read()).toEqual([record]);
  });

  test.skipIf(skipped)('keeps the end of a conversion that was taken for abandoned', async () => {
    const journal = journalIn((await create())());
    const record = aRecord();
    const abandoned = { ...begun(record), outcome: 'interrupted' } as const;
    const read = async () => (await journal.find({}, { top: 10, token: null }))?.records;

    expect(await journal.endIfOpen(abandoned)).toBe('had-ended');
    expect(await read()).toEqual([]);

    await journal.begin(begun(record));
    expect(await journal.endIfOpen(abandoned)).toBe('ended');
    expect(await read()).toEqual([abandoned]);

    await journal.end(record);
    expect(await journal.endIfOpen(abandoned)).toBe('had-ended');
    expect(await read()).toEqual([record]);
  });

  test.skipIf(skipped)('lists the newest first, by pages', async () => {
    const journal = journalIn((await create())());
    for (const index of [3, 1, 5, 2, 4]) await journal.end(nth(index));
    await journal.end(nth(5, { id: '5b' }));

    const all = await idsIn(journal);

    expect(all.map((id) => id[0])).toEqual(['5', '5', '4', '3', '2', '1']);
    for (const top of [1, 2, 3, 6]) expect(await idsIn(journal, {}, top)).toEqual(all);
  });

  test.skipIf(skipped)('keeps its place in a list while more begins and ends', async () => {
    const journal = journalIn((await create())());
    for (const index of [1, 2, 3, 4]) await journal.begin(begun(nth(index)));
    const first = await journal.find({}, { top: 2, token: null });

    await journal.begin(begun(nth(9)));
    await journal.end(nth(2));
    const second = await journal.find({}, { top: 2, token: first?.token ?? null });

    expect(first?.records.map(({ id }) => id)).toEqual(['4', '3']);
    expect(second?.records.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['2', 'converted'],
      ['1', null],
    ]);
    expect(second?.token).toBeNull();
  });

  test.skipIf(skipped)('finds by target, outcome, requester and time', async () => {
    const journal = journalIn((await create())());
    const person = { kind: 'person', person: anna, requestId: 'r-1' } as const;
    await journal.end(nth(1));
    await journal.end(nth(2, { target: vmId('vm-2'), outcome: 'failed' }));
    await journal.begin(begun(nth(3, { requestedBy: person })));
    await journal.end(nth(4, { target: vmId("vm-o'neil"), requestedBy: person }));
    const minute = (index: number): number => Date.parse(nth(index).beganAt);

    expect(await idsIn(journal, { target: vmId('VM-2').toLowerCase() })).toEqual(['2']);
    expect(await idsIn(journal, { target: vmId("vm-O'Neil") })).toEqual(['4']);
    expect(await idsIn(journal, { target: vmId('vm-3') })).toEqual([]);
    expect(await idsIn(journal, { outcome: 'failed' })).toEqual(['2']);
    expect(await idsIn(journal, { outcome: 'under-way' })).toEqual(['3']);
    expect(await idsIn(journal, { requestedBy: 'anna@CONTOSO.com' }, 1)).toEqual(['4', '3']);
    expect(await idsIn(journal, { requestedBy: 'sweep' })).toEqual(['2', '1']);
    expect(await idsIn(journal, { sinceMs: minute(3) })).toEqual(['4', '3']);
    expect(await idsIn(journal, { untilMs: minute(3) })).toEqual(['2', '1']);
    expect(await idsIn(journal, { sinceMs: minute(2), untilMs: minute(4) }, 1)).toEqual(['3', '2']);
    expect(await idsIn(journal, { sinceMs: minute(3), outcome: 'converted' })).toEqual(['4']);
  });

  test.skipIf(skipped)('keeps a conversion of 64 disks with much to say about each', async () => {
    const journal = journalIn((await create())());
    const message = 'Ünlesbar: "x"\n'.repeat(100);
    const [disk] = aRecord().disks;
    const ids = Array.from({ length: 64 }, (_, index) => diskId(`data-${index}`));
    const large = aRecord({
      disks: ids.map((id) => ({ ...disk, id }) as ConversionRecord['disks'][number]),
      verdicts: ids.flatMap((target) =>
        ['one', 'two', 'three', 'four', 'five', 'six'].map(
          (code) =>
            ({
              ...{ answer: 'undecidable', code, message, target },
              ...{ fix: message, docs: message },
            }) as ConversionRecord['verdicts'][number],
        ),
      ),
    });
    expect(JSON.stringify(large).length).toBeGreaterThan(1_000_000);

    await journal.begin(begun(large));
    await journal.end(nth(59));
    expect((await journal.find({}, { top: 5, token: null }))?.records[1]).toEqual(begun(large));

    await journal.end(large);
    const found = await journal.find({ target: large.target }, { top: 5, token: null });
    expect(found?.records).toEqual([nth(59), large]);
  });

  test.skipIf(skipped)('samples how long VMs were off for how many disks', async () => {
    const journal = journalIn((await create())());
    await journal.end(nth(1, { downtimeMs: 50_000 }));
    await journal.end(nth(2, { downtimeMs: 70_000, outcome: 'failed' }));
    await journal.end(nth(3, { downtimeMs: null }));
    await journal.begin(begun(nth(4)));
    await journal.end(nth(5, { downtimeMs: 90_000, disks: [] }));

    expect(await journal.samples()).toEqual([
      { diskCount: 0, downtimeMs: 90_000 },
      { diskCount: 1, downtimeMs: 50_000 },
    ]);
  });

  test
    .skipIf(skipped)
    .for([
      '',
      'x',
      'AAAA',
      Buffer.from('zzz').toString('base64url'),
      `${Buffer.from(`${'1'.repeat(13)}-${'g'.repeat(32)}`).toString('base64url')}`,
    ])('knows no page %j', async (token) => {
    const journal = journalIn((await create())());

    expect(await journal.find({}, { top: 5, token })).toBeNull();
  });
});
