import { isObject } from '../resources/json.ts';
import { tableError } from './table-error.ts';

/** A value with its type. 64-bit numbers, times, GUIDs and binary values are kept as texts. */
export type TypedValue =
  | { readonly type: 'String' | 'DateTime' | 'Guid' | 'Int64' | 'Binary'; readonly value: string }
  | { readonly type: 'Boolean'; readonly value: boolean }
  | { readonly type: 'Int32' | 'Double'; readonly value: number };

export type Properties = ReadonlyMap<string, TypedValue>;

export interface EntityKey {
  readonly partitionKey: string;
  readonly rowKey: string;
}

export interface Entity extends EntityKey {
  readonly properties: Properties;
  /** ISO 8601 with seven digits; the entity's tag is made of it. */
  readonly timestamp: string;
}

const SYSTEM = new Set(['PartitionKey', 'RowKey', 'Timestamp']);
const LARGEST_INT32 = 2 ** 31;

export function etagOf({ timestamp }: Entity): string {
  return `W/"datetime'${encodeURIComponent(timestamp)}'"`;
}

/** The key that a body carries, where it carries one. */
export function keyIn(body: unknown): Partial<EntityKey> {
  const { PartitionKey: partitionKey, RowKey: rowKey } = isObject(body) ? body : {};
  return {
    ...(typeof partitionKey === 'string' ? { partitionKey } : {}),
    ...(typeof rowKey === 'string' ? { rowKey } : {}),
  };
}

/**
 * The properties in a body, each of the type that it is annotated with, or that its JSON has. A
 * `null` is as good as absent.
 *
 * Source: "Payload format for Table service operations".
 *
 * @throws ArmError 400 for a value that is not of its type.
 */
export function readProperties(body: unknown): Properties {
  if (!isObject(body)) throw tableError('InvalidInput');
  const properties = new Map<string, TypedValue>();
  for (const [name, value] of Object.entries(body)) {
    if (SYSTEM.has(name) || name.includes('@') || name.startsWith('odata.')) continue;
    if (value === null || value === undefined) continue;
    const type = body[`${name}@odata.type`];
    properties.set(name, typeof type === 'string' ? annotated(value, type) : plain(value));
  }
  return properties;
}

function plain(value: unknown): TypedValue {
  if (typeof value === 'string') return { type: 'String', value };
  if (typeof value === 'boolean') return { type: 'Boolean', value };
  if (typeof value !== 'number') throw tableError('InvalidInput');
  const fits = Number.isInteger(value) && value >= -LARGEST_INT32 && value < LARGEST_INT32;
  // Assumption: a whole number that is too long counts as one with a fraction.
  return { type: fits ? 'Int32' : 'Double', value };
}

const TEXTS: Readonly<Record<string, (text: string) => boolean>> = {
  String: () => true,
  DateTime: (text) => !Number.isNaN(Date.parse(text)),
  Guid: (text) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text),
  Int64: (text) => /^-?\d+$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text),
  Binary: (text) => /^[A-Za-z0-9+/]*={0,2}$/.test(text),
};

function annotated(value: unknown, annotation: string): TypedValue {
  const type = annotation.replace(/^Edm\./, '');
  const fits = TEXTS[type];
  if (fits && typeof value === 'string' && fits(value)) {
    return { type: type as 'String' | 'DateTime' | 'Guid' | 'Int64' | 'Binary', value };
  }
  if (type === 'Boolean' && /^(true|false)$/i.test(String(value))) {
    return { type, value: String(value).toLowerCase() === 'true' };
  }
  if (type === 'Double' && isDouble(value)) return { type, value: Number(value) };
  if (type === 'Int32' && /^-?\d+$/.test(String(value))) {
    const read = plain(Number(value));
    if (read.type === 'Int32') return read;
  }
  throw tableError('InvalidInput');
}

function isDouble(value: unknown): boolean {
  const text = String(value).trim();
  return text === 'NaN' || (text !== '' && !Number.isNaN(Number(text)));
}
