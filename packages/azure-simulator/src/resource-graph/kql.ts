import { isObject } from '../resources/json.ts';
import { type Expression, ExpressionReader, type Row, textOf } from './kql-expressions.ts';
import { invalidQuery, type Token, tokenize } from './kql-tokens.ts';

type Step = (rows: readonly Row[]) => readonly Row[];

/** The tables by name, with their rows. */
export type Tables = Readonly<Record<string, () => readonly Row[]>>;

/**
 * Runs a query over tables: the part of KQL that planners of disk encryption need. Anything else is
 * refused by name rather than answered wrongly.
 *
 * @throws ArmError 400
 */
export function runQuery(query: string, tables: Tables): readonly Row[] {
  const [source = [], ...steps] = split(tokenize(query));
  const [table, more] = source;
  const rows = tables[table?.value.toLowerCase() ?? ''];
  if (!rows || more) invalidQuery(`unknown table '${source.map(({ value }) => value).join(' ')}'`);
  return steps.map(stepOf).reduce((all, step) => step(all), rows());
}

function split(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const parts: Token[][] = [[]];
  for (const token of tokens) {
    if (token.kind === 'sign' && token.value === '|') parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

function stepOf([operator, ...rest]: readonly Token[]): Step {
  const reader = new ExpressionReader(rest);
  switch (operator?.value) {
    case 'where': {
      const condition = whole(reader);
      return (rows) => rows.filter((row) => condition(row) === true);
    }
    case 'project': {
      const columns = named(reader);
      return (rows) =>
        rows.map((row) => Object.fromEntries(columns.map(([name, of]) => [name, of(row) ?? null])));
    }
    case 'extend': {
      const columns = named(reader);
      return (rows) =>
        rows.map((row) => ({
          ...row,
          ...Object.fromEntries(columns.map(([name, of]) => [name, of(row) ?? null])),
        }));
    }
    case 'mv-expand':
      return expand(named(reader));
    case 'order':
    case 'sort':
      return orderBy(reader);
    case 'take':
    case 'limit': {
      const count = Number(reader.take().value);
      return (rows) => rows.slice(0, count);
    }
    case 'count':
      return (rows) => [{ Count: rows.length }];
    default:
      return invalidQuery(`operator '${operator?.value ?? ''}' is not simulated`);
  }
}

/** A row for each item of a list; one without an item where there is none, which is assumed. */
function expand(columns: readonly (readonly [string, Expression])[]): Step {
  return (rows) =>
    columns.reduce(
      (all, [name, of]) =>
        all.flatMap((row) => {
          const value = of(row);
          const items: readonly unknown[] =
            Array.isArray(value) && value.length > 0 ? value : [value];
          return items.map((item) => ({
            ...row,
            [name]: Array.isArray(item) ? null : (item ?? null),
          }));
        }),
      rows,
    );
}

function whole(reader: ExpressionReader): Expression {
  const expression = reader.expression();
  if (!reader.done) invalidQuery(`unexpected '${reader.peek()}'`);
  return expression;
}

/** `a, b = expression, properties.c` – the last one is called `properties_c`. */
function named(reader: ExpressionReader): readonly (readonly [string, Expression])[] {
  const columns: [string, Expression][] = [];
  do {
    const name = reader.take();
    if (name.kind !== 'name') invalidQuery(`expected a column before '${name.value}'`);
    if (reader.skip('=')) {
      columns.push([name.value, reader.expression()]);
      continue;
    }
    const path = [name.value];
    while (reader.skip('.')) path.push(reader.take().value);
    columns.push([
      path.join('_'),
      (row) =>
        path.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), row),
    ]);
  } while (reader.skip(','));
  if (!reader.done) invalidQuery(`unexpected '${reader.peek()}'`);
  return columns;
}

/** Descending unless it says otherwise, which surprises everybody once. */
function orderBy(reader: ExpressionReader): Step {
  reader.expect('by');
  const keys: { readonly of: Expression; readonly sign: number }[] = [];
  do {
    const of = reader.expression();
    const sign = reader.skip('asc') ? 1 : -1;
    if (sign < 0) reader.skip('desc');
    keys.push({ of, sign });
  } while (reader.skip(','));
  if (!reader.done) invalidQuery(`unexpected '${reader.peek()}'`);
  return (rows) =>
    [...rows].sort((a, b) => {
      for (const { of, sign } of keys) {
        const order = compare(of(a), of(b)) * sign;
        if (order !== 0) return order;
      }
      return 0;
    });
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = [textOf(a), textOf(b)];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
