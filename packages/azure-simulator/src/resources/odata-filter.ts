import { ArmError } from '../arm/arm-error.ts';

type Fields<T> = Readonly<Record<string, (item: T) => string>>;

const TERM = /^(\w+)\s+(eq|ne)\s+'((?:[^']|'')*)'$/i;

/**
 * Which items a list shows: fields with `eq` and `ne`, joined by `and`, without regard to case.
 *
 * @param fields - What each field is compared with; names in small letters.
 * @throws ArmError 501 for anything else: what is not understood is not guessed.
 */
export function odataFilter<T>(filter: string | null, fields: Fields<T>): (item: T) => boolean {
  if (!filter) return () => true;
  const terms = filter.split(/\s+and\s+/i).map((text) => {
    const [, field = '', operator = '', value = ''] = TERM.exec(text.trim()) ?? [];
    const read = fields[field.toLowerCase()];
    if (!read) throw unknownFilter(filter);
    const wanted = value.replaceAll("''", "'").toLowerCase();
    const equal = operator.toLowerCase() === 'eq';
    return (item: T) => (read(item).toLowerCase() === wanted) === equal;
  });
  return (item) => terms.every((holds) => holds(item));
}

export function unknownFilter(filter: string): ArmError {
  return new ArmError(501, 'NotSimulated', `The simulated Azure does not know $filter=${filter}.`);
}
