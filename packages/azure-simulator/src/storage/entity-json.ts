import { type Entity, etagOf, type TypedValue } from './entity.ts';

interface Shown {
  /** Properties to show, or `null` for all. */
  readonly select: ReadonlySet<string> | null;
  /** Whether types and tags are shown, as clients ask for unless they say `nometadata`. */
  readonly metadata: boolean;
}

/** Types that JSON cannot tell. */
const ANNOTATED = new Set(['DateTime', 'Guid', 'Int64', 'Binary']);

/**
 * An entity as JSON text. Not an object, because a whole number with a fraction's type is `2.0`.
 * A property that is asked for and absent is left out.
 */
export function entityJson(entity: Entity, shown: Shown, context?: string): string {
  const wanted = (name: string) => shown.select === null || shown.select.has(name);
  const parts: string[] = [];
  if (context) parts.push(member('odata.metadata', context));
  if (shown.metadata) parts.push(member('odata.etag', etagOf(entity)));
  if (wanted('PartitionKey')) parts.push(member('PartitionKey', entity.partitionKey));
  if (wanted('RowKey')) parts.push(member('RowKey', entity.rowKey));
  if (wanted('Timestamp')) parts.push(member('Timestamp', entity.timestamp));
  for (const [name, value] of entity.properties) {
    if (wanted(name)) parts.push(...property(name, value, shown.metadata));
  }
  return `{${parts.join(',')}}`;
}

function member(name: string, value: string): string {
  return `${JSON.stringify(name)}:${JSON.stringify(value)}`;
}

function property(name: string, typed: TypedValue, metadata: boolean): string[] {
  const { type, value } = typed;
  const text = typeof value === 'number' ? numberJson(typed) : JSON.stringify(value);
  // JSON has no word for infinity, so that it is a text and says its type.
  const annotated = ANNOTATED.has(type) || (type === 'Double' && !Number.isFinite(value));
  return [
    ...(metadata && annotated ? [member(`${name}@odata.type`, `Edm.${type}`)] : []),
    `${JSON.stringify(name)}:${text}`,
  ];
}

function numberJson({ type, value }: TypedValue): string {
  if (typeof value !== 'number' || !Number.isFinite(value)) return JSON.stringify(String(value));
  const text = String(value);
  return type === 'Double' && /^-?\d+$/.test(text) ? `${text}.0` : text;
}
