import { keyIn, readProperties } from './entity.ts';
import { checkEntity } from './entity-limits.ts';
import type { Command } from './table.ts';
import { tableError } from './table-error.ts';

/** What asks for a change of one entity: a call of its own, or a part of a batch. */
export interface EntityRequest {
  readonly method: string;
  /** Without escapes, e.g. `/journal(PartitionKey='p',RowKey='r')`. */
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** A change, and the table that it is for. */
export interface EntityCommand {
  readonly table: string;
  readonly command: Command;
}

export const ENTITY_PATH =
  /^\/(?<table>\w+)\(PartitionKey='(?<partition>(?:[^']|'')*)',\s*RowKey='(?<row>(?:[^']|'')*)'\)$/;
export const ENTITIES_PATH = /^\/(?<table>\w+)(?:\(\))?$/;

/** A quote in a key is written twice. */
export function unquoted(key = ''): string {
  return key.replaceAll("''", "'");
}

/**
 * Reads what a request wants. Without `If-Match`, an update is an insertion where need be.
 *
 * Source: REST reference, Table service, Insert, Update, Merge, Insert Or …, Delete Entity.
 *
 * @throws ArmError 400
 */
export function readEntityRequest(request: EntityRequest): EntityCommand {
  const { method, path, headers, body } = request;
  const inserted = method === 'POST' ? ENTITIES_PATH.exec(path)?.groups : undefined;
  if (inserted) {
    const { partitionKey, rowKey } = keyIn(body);
    if (partitionKey === undefined || rowKey === undefined) throw tableError('PropertiesNeedValue');
    const command = withProperties({ kind: 'insert', partitionKey, rowKey }, body);
    return { table: inserted['table'] ?? '', command };
  }
  const { table, partition, row } = ENTITY_PATH.exec(path)?.groups ?? {};
  if (table === undefined) throw tableError('InvalidInput');
  const key = { partitionKey: unquoted(partition), rowKey: unquoted(row) };
  const ifMatch = headers['if-match'] ?? null;
  if (method === 'DELETE') {
    if (ifMatch === null) throw tableError('MissingRequiredHeader');
    return { table, command: { kind: 'delete', ...key, ifMatch } };
  }
  const kind = method === 'PUT' ? 'replace' : 'merge';
  return { table, command: withProperties({ kind, ...key, ifMatch }, body) };
}

type Without<T> = T extends { readonly properties: unknown } ? Omit<T, 'properties'> : never;

function withProperties(command: Without<Command>, body: unknown): Command {
  const properties = readProperties(body);
  checkEntity(command, properties);
  return { ...command, properties };
}
