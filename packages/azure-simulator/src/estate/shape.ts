import { isObject } from '../resources/json.ts';

/** What may stand at a place of an estate. `?` in a field's name: it may be missing. */
export type Shape =
  | 'text'
  | 'number'
  | 'flag'
  | 'texts'
  | 'tags'
  | 'json'
  | { readonly oneOf: readonly (string | number)[] }
  | { readonly fields: Fields }
  | { readonly listOf: Shape }
  | { readonly either: readonly Shape[] }
  | { readonly orNull: Shape };

export type Fields = Readonly<Record<string, Shape>>;

/** A list of objects. */
export function list(fields: Fields): Shape {
  return { listOf: { fields } };
}

/** Every difference between a value and a shape, each with its JSON path. */
export function mistakesIn(value: unknown, shape: Shape, path: string): readonly string[] {
  if (typeof shape === 'string') return simple(value, shape, path);
  if ('oneOf' in shape) {
    if (shape.oneOf.some((it) => it === value)) return [];
    return [`${path}: expected one of ${shape.oneOf.join(', ')}`];
  }
  if ('orNull' in shape) return value === null ? [] : mistakesIn(value, shape.orNull, path);
  if ('either' in shape) {
    const readings = shape.either.map((it) => mistakesIn(value, it, path));
    // The reading that gets furthest into the value tells most about the mistake.
    return readings.reduce((best, it) => (fitsBetter(it, best) ? it : best));
  }
  if ('listOf' in shape) {
    if (!Array.isArray(value)) return [`${path}: expected a list`];
    return value.flatMap((it, index) => mistakesIn(it, shape.listOf, `${path}[${index}]`));
  }
  return inFields(value, shape.fields, path);
}

function inFields(value: unknown, fields: Fields, path: string): readonly string[] {
  if (!isObject(value)) return [`${path}: expected an object`];
  const known = Object.entries(fields).map(([key, shape]) => {
    return { name: key.replace('?', ''), optional: key.endsWith('?'), shape };
  });
  const names = new Set(known.map(({ name }) => name));
  return [
    ...known.flatMap(({ name, optional, shape }) => {
      if (value[name] !== undefined) return mistakesIn(value[name], shape, `${path}.${name}`);
      return optional ? [] : [`${path}.${name}: is missing`];
    }),
    ...Object.keys(value)
      .filter((name) => !names.has(name))
      .map((name) => `${path}.${name}: is not known`),
  ];
}

function simple(value: unknown, shape: string, path: string): readonly string[] {
  const isText = (it: unknown) => typeof it === 'string' && it !== '';
  const checks: Readonly<Record<string, readonly [boolean, string]>> = {
    text: [isText(value), 'a text'],
    json: [isObject(value), 'an object'],
    number: [typeof value === 'number', 'a number'],
    flag: [typeof value === 'boolean', 'true or false'],
    texts: [Array.isArray(value) && value.every(isText), 'a list of texts'],
    tags: [
      isObject(value) && Object.values(value).every((it) => typeof it === 'string'),
      'an object of texts',
    ],
  };
  const [fits, what] = checks[shape] ?? [false, shape];
  return fits ? [] : [`${path}: expected ${what}`];
}

function fitsBetter(a: readonly string[], b: readonly string[]): boolean {
  if (a.length === 0 || b.length === 0) return a.length < b.length;
  return depth(a) > depth(b);
}

/** How far into the value the first mistake lies. */
function depth([first = '']: readonly string[]): number {
  return (first.split(':')[0] ?? '').split(/[.[]/).length;
}
