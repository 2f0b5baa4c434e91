import { ArmError } from '../arm/arm-error.ts';
import { parseBody } from '../http-client.ts';
import { type EntityCommand, type EntityRequest, readEntityRequest } from './entity-request.ts';
import { tableError } from './table-error.ts';

const MOST_COMMANDS = 100;
const LARGEST_BODY = 4 * 2 ** 20;
const LINE = '\r\n';

/** A refusal of a batch, and the place of the command that it is for. */
export class CommandRefusedError extends Error {
  override readonly name = 'CommandRefusedError';
  readonly index: number;
  readonly refusal: ArmError;

  constructor(index: number, { cause }: { readonly cause: ArmError }) {
    super(cause.message, { cause });
    this.index = index;
    this.refusal = cause;
  }
}

/** Does something for each command; a refusal tells which it was. */
export function eachCommand<T, R>(commands: readonly T[], work: (command: T) => R): readonly R[] {
  return commands.map((command, index) => {
    try {
      return work(command);
    } catch (error) {
      if (error instanceof ArmError) throw new CommandRefusedError(index, { cause: error });
      throw error;
    }
  });
}

/** A batch taken apart into its change set, whose parts are not read yet. */
export interface Batch {
  /** Names the answer. */
  readonly id: string;
  readonly changesetId: string;
  readonly parts: readonly string[];
}

/**
 * Takes a batch apart. One that only asks, without changes, is not simulated.
 *
 * Source: "Performing entity group transactions".
 *
 * @throws ArmError 400 or 413
 */
export function openBatch(body: unknown, contentType = ''): Batch {
  const text = typeof body === 'string' ? body : '';
  if (Buffer.byteLength(text) > LARGEST_BODY) throw tableError('RequestBodyTooLarge');
  const [, id = ''] = /boundary="?batch_([^";]+)/i.exec(contentType) ?? [];
  const [, changesetId] = /boundary="?changeset_([^";\r\n]+)/i.exec(text) ?? [];
  if (!changesetId) throw tableError('InvalidInput');
  const parts = text.split(`--changeset_${changesetId}`).slice(1, -1);
  return { id, changesetId, parts };
}

/** @throws CommandRefusedError for more than 100 changes, or one that cannot be read. */
export function readBatch({ parts }: Batch): readonly EntityCommand[] {
  if (parts.length > MOST_COMMANDS) {
    const text = `The batch request operation exceeds the maximum ${MOST_COMMANDS} changes per change set.`;
    throw new CommandRefusedError(0, { cause: tableError('InvalidInput', { text }) });
  }
  const commands = eachCommand(parts, (part) => readEntityRequest(readPart(part)));
  checkTogether(commands);
  return commands;
}

function readPart(part: string): EntityRequest {
  const start = /^([A-Z]+) (\S+) HTTP\/1\.1\r?\n/m.exec(part);
  const [line = '', method = '', url = ''] = start ?? [];
  if (!start || !URL.canParse(url)) throw tableError('InvalidInput');
  const rest = part.slice(start.index + line.length);
  const [head = ''] = rest.split(/\r?\n\r?\n/, 1);
  const headers = head.split(/\r?\n/).flatMap((field) => {
    const colon = field.indexOf(':');
    return colon < 0 ? [] : [[field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()]];
  });
  return {
    method,
    path: decodeURIComponent(new URL(url).pathname),
    headers: Object.fromEntries(headers),
    body: parseBody(rest.slice(head.length).trim()),
  };
}

/** All must be for different entities of one partition of one table. */
function checkTogether(commands: readonly EntityCommand[]): void {
  const rows = new Set<string>();
  const [first] = commands;
  eachCommand(commands, ({ table, command: { partitionKey, rowKey } }) => {
    if (table !== first?.table || partitionKey !== first.command.partitionKey) {
      throw tableError('CommandsInBatchActOnDifferentPartitions');
    }
    if (rows.has(rowKey)) {
      const text = `A command with RowKey '${rowKey}' is already present in the batch. An entity can appear only once in a batch. `;
      throw tableError('InvalidDuplicateRow', { text });
    }
    rows.add(rowKey);
  });
}

/** An answer within a batch: its status line, headers and body. */
export interface BatchPart {
  readonly status: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The answer to a batch: one part for each command, or one for the command that was refused. */
export function writeBatch({ id, changesetId }: Batch, parts: readonly BatchPart[]): string {
  const changeset = `--changesetresponse_${changesetId}`;
  const lines = parts.flatMap(({ status, headers, body = '' }) => [
    changeset,
    'Content-Type: application/http',
    'Content-Transfer-Encoding: binary',
    '',
    `HTTP/1.1 ${status}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    '',
    body,
  ]);
  return [
    `--batchresponse_${id}`,
    `Content-Type: multipart/mixed; boundary=changesetresponse_${changesetId}`,
    '',
    ...lines,
    `${changeset}--`,
    `--batchresponse_${id}--`,
    '',
  ].join(LINE);
}
