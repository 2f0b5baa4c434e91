import { describe, expect, test } from 'vitest';
import type { Row } from '../../src/store/table.ts';
import { BACKENDS } from './tables.ts';

function aRow(row: string, properties: Row['properties'] = { text: row }): Row {
  return { partition: 'p', row, properties };
}

describe.for(BACKENDS)('rows in $name', ({ create, skipped }) => {
  test.skipIf(skipped)(`are read as they were written by another${why(skipped)}`, async () => {
    const open = await create();
    const row = aRow('1', { text: `It's "ü" 😀\n`, empty: '' });

    expect(await open().insert(row)).toBe('inserted');

    expect(await open().get('p', '1')).toEqual({ ...row, etag: expect.any(String) });
    expect(await open().get('p', '2')).toBeNull();
    expect(await open().get('q', '1')).toBeNull();
  });

  test.skipIf(skipped)('are inserted once', async () => {
    const open = await create();
    const answers = await Promise.all(
      ['a', 'b', 'c'].map((text) => open().insert(aRow('1', { text }))),
    );

    expect(answers.toSorted()).toEqual(['exists', 'exists', 'inserted']);
    const kept = ['a', 'b', 'c'][answers.indexOf('inserted')];
    expect((await open().get('p', '1'))?.properties).toEqual({ text: kept });
  });

  test.skipIf(skipped)('are replaced only as they were read', async () => {
    const table = (await create())();
    await table.insert(aRow('1', { text: 'a', more: 'x' }));
    const { etag = '' } = (await table.get('p', '1')) ?? {};

    expect(await table.replace(aRow('1', { text: 'b' }), etag)).toBe('replaced');
    expect(await table.replace(aRow('1', { text: 'c' }), etag)).toBe('changed');
    expect(await table.replace(aRow('2', { text: 'c' }), etag)).toBe('changed');

    expect((await table.get('p', '1'))?.properties).toEqual({ text: 'b' });
    expect(await table.get('p', '2')).toBeNull();
  });

  test.skipIf(skipped)('are not replaced when they went and came again', async () => {
    const table = (await create())();
    await table.insert(aRow('1'));
    const { etag = '' } = (await table.get('p', '1')) ?? {};
    await table.remove('p', '1');
    await table.insert(aRow('1'));

    expect(await table.replace(aRow('1', { text: 'late' }), etag)).toBe('changed');
  });

  test.skipIf(skipped)('are written over as a whole, and removed more than once', async () => {
    const table = (await create())();
    await table.upsert(aRow('1', { text: 'a', more: 'x' }));
    await table.upsert(aRow('1', { text: 'b' }));
    expect((await table.get('p', '1'))?.properties).toEqual({ text: 'b' });

    await table.remove('p', '1');
    await table.remove('p', '1');

    expect(await table.get('p', '1')).toBeNull();
  });

  test.skipIf(skipped)('may be large', async () => {
    const table = (await create())();
    const properties = { text: '\\"x\n'.repeat(100_000), name: 'large' };

    await table.insert(aRow('1', properties));

    const [found] = await table.query({ partition: 'p', where: { name: 'large' }, limit: 1 });
    for (const read of [(await table.get('p', '1'))?.properties, found?.properties]) {
      expect(Object.keys(read ?? {}).toSorted()).toEqual(['name', 'text']);
      expect(read?.['text'] === properties.text).toBe(true);
    }
  });

  test.skipIf(skipped)('are found by partition, range and property, in order', async () => {
    const table = (await create())();
    const keys = async (query: object): Promise<readonly string[]> => {
      const rows = await table.query({ partition: 'p', limit: 100, ...query });
      return rows.map(({ row }) => row);
    };
    expect(await keys({})).toEqual([]);
    for (const row of ['3', '1', '4', '2']) {
      await table.insert(aRow(row, { kind: Number(row) % 2 ? 'odd' : "e'ven", text: row }));
    }
    await table.insert({ ...aRow('2'), partition: 'q' });

    expect(await keys({})).toEqual(['1', '2', '3', '4']);
    expect(await keys({ limit: 3 })).toEqual(['1', '2', '3']);
    expect(await keys({ after: '2' })).toEqual(['3', '4']);
    expect(await keys({ after: '1', before: '4' })).toEqual(['2', '3']);
    expect(await keys({ where: { kind: "e'ven" } })).toEqual(['2', '4']);
    expect(await keys({ where: { kind: 'odd', text: '3' } })).toEqual(['3']);
    expect(await keys({ where: { missing: '' } })).toEqual([]);
    expect(await table.query({ partition: 'p', limit: 1, select: ['kind', 'missing'] })).toEqual([
      { partition: 'p', row: '1', properties: { kind: 'odd' } },
    ]);
  });

  test.skipIf(skipped)('are all found, however many there are', { timeout: 120_000 }, async () => {
    const table = (await create())();
    const keys = Array.from({ length: 1_100 }, (_, index) => String(index).padStart(4, '0'));
    for (let at = 0; at < keys.length; at += 50) {
      await Promise.all(keys.slice(at, at + 50).map((key) => table.insert(aRow(key))));
    }

    const found = await table.query({ partition: 'p', limit: 2_000 });

    expect(found.map(({ row }) => row)).toEqual(keys);
  });
});

function why(skipped: string | null): string {
  return skipped === null ? '' : ` (skipped: ${skipped})`;
}
