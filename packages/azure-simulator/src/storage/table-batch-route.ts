import { type Answer, textAnswer } from '../arm/answer.ts';
import type { Call, Route } from '../arm/route.ts';
import { type Entity, etagOf } from './entity.ts';
import type { EntityCommand } from './entity-request.ts';
import type { Opened } from './table-access.ts';
import {
  type Batch,
  type BatchPart,
  CommandRefusedError,
  eachCommand,
  openBatch,
  readBatch,
  writeBatch,
} from './table-batch.ts';
import { tableErrorBody } from './table-error.ts';

const STATUS_TEXTS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  412: 'Precondition Failed',
};

/**
 * Changes of several entities of one partition, all or none, as if each client preferred no content
 * back. What is refused is refused within an answer that is a 202 as any other. Source: "Performing entity group transactions".
 */
export function batchRoute(open: (call: Call) => Opened): Route {
  return {
    method: 'POST',
    name: 'POST Table storage batch',
    match: (path) => (path === '/$batch' ? {} : null),
    handle: (call) => {
      const { store, access } = open(call);
      const batch = openBatch(call.body, call.headers['content-type']);
      try {
        return accepted(batch, execute(readBatch(batch), { store, access }, call));
      } catch (error) {
        if (!(error instanceof CommandRefusedError)) throw error;
        return accepted(batch, [refusedPart(error, call)]);
      }
    },
  };
}

/** Everything is checked before anything is changed. */
function execute(
  commands: readonly EntityCommand[],
  { store, access }: Opened,
  call: Call,
): readonly BatchPart[] {
  eachCommand(commands, ({ table, command }) => {
    access.requireCommand(command);
    store.require(table).check(command);
  });
  return commands.map((it) => donePart(it, store.execute(it), call));
}

function accepted(batch: Batch, parts: readonly BatchPart[]): Answer {
  return textAnswer(202, writeBatch(batch, parts), {
    'content-type': `multipart/mixed; boundary=batchresponse_${batch.id}`,
  });
}

function donePart({ table, command }: EntityCommand, entity: Entity | null, call: Call): BatchPart {
  const { partitionKey, rowKey } = command;
  const url = `${call.url.origin}/${table}(PartitionKey='${inUrl(partitionKey)}',RowKey='${inUrl(rowKey)}')`;
  const headers = {
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-cache',
    DataServiceVersion: entity ? '3.0;' : '1.0;',
    ...(command.kind === 'insert' ? { Location: url, DataServiceId: url } : {}),
    ...(entity ? { ETag: etagOf(entity) } : {}),
  };
  return { status: '204 No Content', headers };
}

function inUrl(key: string): string {
  return encodeURIComponent(key.replaceAll("'", "''"));
}

function refusedPart({ refusal, index }: CommandRefusedError, call: Call): BatchPart {
  return {
    status: `${refusal.status} ${STATUS_TEXTS[refusal.status] ?? ''}`,
    headers: {
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-cache',
      DataServiceVersion: '3.0;',
      'Content-Type': 'application/json;odata=minimalmetadata;streaming=true;charset=utf-8',
    },
    body: JSON.stringify(tableErrorBody(refusal, call, index)),
  };
}
