import type { Row, Table } from './table.ts';

const PAGE = 1_000;

/** Every row of a partition that is known to be small. */
export async function allRows(
  table: Table,
  partition: string,
  where: Row['properties'] = {},
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let after = '';
  for (;;) {
    const page = await table.query({ partition, where, after, limit: PAGE });
    rows.push(...page);
    if (page.length < PAGE) return rows;
    after = page.at(-1)?.row ?? after;
  }
}
