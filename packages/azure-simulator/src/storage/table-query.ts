import type { Entity, EntityKey } from './entity.ts';
import type { Table } from './table.ts';
import { tableError } from './table-error.ts';
import { type EntityTest, parseTableFilter } from './table-filter.ts';

/** Entities in one answer at most. Source: "Query timeout and pagination". */
const PAGE = 1000;

export interface Page {
  readonly entities: readonly Entity[];
  /** Where the next page begins; `null` after the last one. */
  readonly next: EntityKey | null;
}

/**
 * The entities that a query finds, one page of them.
 *
 * @throws ArmError 400
 */
export function queryEntities(table: Table, query: URLSearchParams): Page {
  const filter = query.get('$filter');
  const test: EntityTest = filter ? parseTableFilter(filter) : () => true;
  const top = topIn(query);
  const entities: Entity[] = [];
  for (const entity of table.from(startIn(query))) {
    if (!test(entity)) continue;
    if (entities.length === top) return { entities, next: entity };
    entities.push(entity);
  }
  return { entities, next: null };
}

function topIn(query: URLSearchParams): number {
  const text = query.get('$top');
  if (text === null) return PAGE;
  const top = Number(text);
  if (!Number.isInteger(top) || top < 1 || top > PAGE) throw tableError('InvalidInput');
  return top;
}

function startIn(query: URLSearchParams): EntityKey | null {
  const partition = query.get('NextPartitionKey');
  if (partition === null) return null;
  return { partitionKey: tokenText(partition), rowKey: tokenText(query.get('NextRowKey') ?? '') };
}

/** Opaque to clients. Source: the form of Azure's own, e.g. `1!8!cm93`. */
export function tokenOf(key: string): string {
  const encoded = Buffer.from(key).toString('base64url');
  return `1!${encoded.length}!${encoded}`;
}

function tokenText(token: string): string {
  return Buffer.from(token.slice(token.lastIndexOf('!') + 1), 'base64url').toString();
}
