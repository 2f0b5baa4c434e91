import type { EntityKey, Properties, TypedValue } from './entity.ts';
import { tableError } from './table-error.ts';

const LARGEST_ENTITY = 2 ** 20;
const LARGEST_VALUE = 2 ** 16;
/** In bytes of UTF-16. */
const LARGEST_KEY = 1024;
const LONGEST_NAME = 255;
/** 255 with the key's two and the timestamp. */
const MOST_PROPERTIES = 252;

const NAME = /^[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Nd}\p{Mn}\p{Mc}\p{Pc}\p{Cf}]*$/u;
// biome-ignore lint/suspicious/noControlCharactersInRegex: just these may not stand in a key.
const FORBIDDEN = /[/\\#?\u0000-\u001f\u007f-\u009f]/;

/**
 * Refuses an entity that is too large, has too much in it, or bears impossible names.
 *
 * Source: "Understanding the Table service data model", with the formula of an entity's size.
 *
 * @throws ArmError 400
 */
export function checkEntity({ partitionKey, rowKey }: EntityKey, properties: Properties): void {
  checkKey('PartitionKey', partitionKey);
  checkKey('RowKey', rowKey);
  if (properties.size > MOST_PROPERTIES) throw tableError('TooManyProperties');
  let size = 4 + 2 * (partitionKey.length + rowKey.length);
  for (const [name, value] of properties) {
    if (name.length > LONGEST_NAME) throw tableError('PropertyNameTooLong');
    if (!NAME.test(name)) throw tableError('PropertyNameInvalid');
    const bytes = sizeOf(value);
    if (bytes > LARGEST_VALUE) throw tableError('PropertyValueTooLarge');
    size += 8 + 2 * name.length + bytes;
  }
  if (size > LARGEST_ENTITY) throw tableError('EntityTooLarge');
}

function checkKey(name: string, key: string): void {
  if (key.length * 2 > LARGEST_KEY) throw tableError('KeyValueTooLarge');
  if (FORBIDDEN.test(key)) {
    const text = `The '${name}' parameter of value '${key}' is out of range.`;
    throw tableError('OutOfRangeInput', { text });
  }
}

function sizeOf({ type, value }: TypedValue): number {
  if (type === 'String') return value.length * 2;
  if (type === 'Binary') return Buffer.byteLength(value, 'base64');
  if (type === 'Guid') return 16;
  if (type === 'Boolean') return 1;
  return type === 'Int32' ? 4 : 8;
}
