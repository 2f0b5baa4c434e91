import { type Answer, answer, textAnswer } from '../arm/answer.ts';
import type { Call, Route } from '../arm/route.ts';
import { textAt } from '../resources/json.ts';
import { type Entity, etagOf } from './entity.ts';
import { entityJson } from './entity-json.ts';
import { ENTITIES_PATH, ENTITY_PATH, readEntityRequest, unquoted } from './entity-request.ts';
import type { Opened } from './table-access.ts';
import { batchRoute } from './table-batch-route.ts';
import { tableError } from './table-error.ts';
import { queryEntities, tokenOf } from './table-query.ts';

type Open = (call: Call) => Opened;

const TABLE_PATH = /^\/Tables\('(?<table>\w+)'\)$/;
const TABLES_PATH = /^\/Tables(?:\(\))?$/;

/** Tables and entities of a storage account. Source: REST reference, Table service. */
export function tableRoutes(open: Open): readonly Route[] {
  return [batchRoute(open), ...wholeTableRoutes(open), ...entityRoutes(open)];
}

function wholeTableRoutes(open: Open): readonly Route[] {
  return [
    tableRoute('GET', 'tables', TABLES_PATH, (call) => {
      const { store, access } = open(call);
      access.requireTables('read');
      const value = store.names().map((TableName) => ({ TableName }));
      return json(call, { 'odata.metadata': context(call, 'Tables'), value });
    }),
    tableRoute('POST', 'tables', TABLES_PATH, (call) => {
      const { store, access } = open(call);
      access.requireTables('write');
      const { name: TableName } = store.create(textAt(call.body, 'TableName') ?? '');
      const headers = preference(call);
      if (headers['preference-applied'] === 'return-no-content') {
        return answer(204, undefined, headers);
      }
      const created = { 'odata.metadata': context(call, 'Tables/@Element'), TableName };
      const shown = json(call, created);
      return { ...shown, status: 201, headers: { ...shown.headers, ...headers } };
    }),
    tableRoute('DELETE', 'table', TABLE_PATH, (call) => {
      const { store, access } = open(call);
      access.requireTables('delete');
      store.delete(call.params['table'] ?? '');
      return answer(204);
    }),
  ];
}

function entityRoutes(open: Open): readonly Route[] {
  const change = (call: Call): Answer => {
    const { store, access } = open(call);
    const path = decodeURIComponent(call.url.pathname);
    const asked = readEntityRequest({ ...call, path });
    access.requireCommand(asked.command);
    const entity = store.execute(asked);
    if (entity === null) return answer(204);
    if (asked.command.kind === 'insert') return inserted(call, asked.table, entity);
    return answer(204, undefined, { etag: etagOf(entity) });
  };
  return [
    tableRoute('GET', 'entity', ENTITY_PATH, (call) => {
      const { store, access } = open(call);
      access.requireReading();
      const { table = '', partition, row } = call.params;
      const found = store
        .require(table)
        .find({ partitionKey: unquoted(partition), rowKey: unquoted(row) });
      if (!found) throw tableError('ResourceNotFound');
      return entityAnswer(call, table, found);
    }),
    tableRoute('GET', 'entities', ENTITIES_PATH, (call) => {
      const { store, access } = open(call);
      access.requireReading();
      const { table = '' } = call.params;
      const { entities, next } = queryEntities(store.require(table), call.query);
      const value = entities.map((it) => entityJson(it, shownBy(call))).join(',');
      const metadata = hasMetadata(call)
        ? `"odata.metadata":${JSON.stringify(context(call, table))},`
        : '';
      return textAnswer(200, `{${metadata}"value":[${value}]}`, {
        'content-type': contentType(call),
        ...(next && {
          'x-ms-continuation-nextpartitionkey': tokenOf(next.partitionKey),
          'x-ms-continuation-nextrowkey': tokenOf(next.rowKey),
        }),
      });
    }),
    tableRoute('POST', 'entities', ENTITIES_PATH, change),
    ...['PUT', 'PATCH', 'MERGE', 'DELETE'].map((method) =>
      tableRoute(method, 'entity', ENTITY_PATH, change),
    ),
  ];
}

/** A route whose path is matched without escapes; its groups are the parameters. */
function tableRoute(
  method: string,
  what: string,
  pattern: RegExp,
  handle: (call: Call) => Answer,
): Route {
  return {
    method,
    name: `${method} Table storage ${what}`,
    match: (path) => {
      const found = pattern.exec(decodeURIComponent(path));
      return found && Object.fromEntries(Object.entries(found.groups ?? {}));
    },
    handle,
  };
}

function inserted(call: Call, table: string, entity: Entity): Answer {
  const preferred = preference(call);
  const headers = { etag: etagOf(entity), ...preferred };
  if (preferred['preference-applied'] === 'return-no-content') {
    return answer(204, undefined, headers);
  }
  const shown = entityAnswer(call, table, entity);
  return { ...shown, status: 201, headers: { ...shown.headers, ...headers } };
}

function entityAnswer(call: Call, table: string, entity: Entity): Answer {
  const metadata = hasMetadata(call) ? context(call, `${table}/@Element`) : undefined;
  return textAnswer(200, entityJson(entity, shownBy(call), metadata), {
    etag: etagOf(entity),
    'content-type': contentType(call),
  });
}

function json(call: Call, body: object): Answer {
  return answer(200, body, { 'content-type': contentType(call) });
}

/** What the client prefers to get for an insertion, in the words of the answer. */
function preference({ headers }: Call): Readonly<Record<string, string>> {
  const wanted = headers['prefer'];
  return wanted?.startsWith('return-') ? { 'preference-applied': wanted } : {};
}

function context({ url }: Call, what: string): string {
  return `${url.origin}/$metadata#${what}`;
}

function hasMetadata({ headers }: Call): boolean {
  return !headers['accept']?.includes('odata=nometadata');
}

function contentType(call: Call): string {
  const level = hasMetadata(call) ? 'minimalmetadata' : 'nometadata';
  return `application/json;odata=${level};streaming=true;charset=utf-8`;
}

function shownBy(call: Call) {
  const select = call.query.get('$select');
  const names = select && select !== '*' ? new Set(select.split(',').map((it) => it.trim())) : null;
  return { select: names, metadata: hasMetadata(call) };
}
