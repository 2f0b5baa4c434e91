import { isObject } from '../resources/json.ts';
import { invalidQuery, type Token } from './kql-tokens.ts';

export type Row = Readonly<Record<string, unknown>>;
export type Expression = (row: Row) => unknown;

type Compare = (a: unknown, b: unknown) => boolean;

const lower = (value: unknown): string => textOf(value).toLowerCase();
const hasTerm: Compare = (a, b) =>
  lower(a)
    .split(/[^a-z0-9]+/)
    .includes(lower(b)) || wholeTerm(lower(a), lower(b));

/** `=~` and its like disregard case, `==` does not. Source: KQL string operators. */
const COMPARISONS: Readonly<Record<string, Compare>> = {
  '==': (a, b) => a === b || (isScalar(a) && isScalar(b) && textOf(a) === textOf(b)),
  '!=': (a, b) => textOf(a) !== textOf(b),
  '=~': (a, b) => lower(a) === lower(b),
  '!~': (a, b) => lower(a) !== lower(b),
  '<': (a, b) => Number(a) < Number(b),
  '<=': (a, b) => Number(a) <= Number(b),
  '>': (a, b) => Number(a) > Number(b),
  '>=': (a, b) => Number(a) >= Number(b),
  contains: (a, b) => lower(a).includes(lower(b)),
  '!contains': (a, b) => !lower(a).includes(lower(b)),
  startswith: (a, b) => lower(a).startsWith(lower(b)),
  '!startswith': (a, b) => !lower(a).startsWith(lower(b)),
  endswith: (a, b) => lower(a).endsWith(lower(b)),
  '!endswith': (a, b) => !lower(a).endsWith(lower(b)),
  has: hasTerm,
  '!has': (a, b) => !hasTerm(a, b),
};

/** List operators by the comparison that they repeat. */
const LISTS: Readonly<Record<string, { readonly compare: string; readonly none: boolean }>> = {
  in: { compare: '==', none: false },
  'in~': { compare: '=~', none: false },
  '!in': { compare: '==', none: true },
  '!in~': { compare: '=~', none: true },
};

const FUNCTIONS: Readonly<Record<string, (values: readonly unknown[]) => unknown>> = {
  isempty: ([value]) => textOf(value) === '',
  isnotempty: ([value]) => textOf(value) !== '',
  isnull: ([value]) => value === null || value === undefined,
  isnotnull: ([value]) => value !== null && value !== undefined,
  tostring: ([value]) => textOf(value),
  tolower: ([value]) => lower(value),
  toupper: ([value]) => textOf(value).toUpperCase(),
  tobool: ([value]) => textOf(value).toLowerCase() === 'true',
  toint: ([value]) => Math.trunc(Number(value)),
  not: ([value]) => value !== true,
  coalesce: (values) => values.find((value) => textOf(value) !== ''),
  array_length: ([value]) => (Array.isArray(value) ? value.length : null),
  strcat: (values) => values.map(textOf).join(''),
};

/** Reads expressions off a list of tokens. */
export class ExpressionReader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get done(): boolean {
    return this.#at >= this.#tokens.length;
  }

  peek(): string | undefined {
    return this.#tokens[this.#at]?.value;
  }

  take(): Token {
    const token = this.#tokens[this.#at];
    this.#at += 1;
    return token ?? invalidQuery('the query ends too early');
  }

  /** Takes a sign or word if it is next. */
  skip(value: string): boolean {
    const token = this.#tokens[this.#at];
    if (token === undefined || token.kind === 'text' || token.value !== value) return false;
    this.#at += 1;
    return true;
  }

  expect(value: string): void {
    if (!this.skip(value)) invalidQuery(`expected '${value}' before '${this.peek() ?? 'the end'}'`);
  }

  expression(): Expression {
    const parts = [this.#conjunction()];
    while (this.skip('or')) parts.push(this.#conjunction());
    return parts.length === 1 && parts[0]
      ? parts[0]
      : (row) => parts.some((part) => part(row) === true);
  }

  #conjunction(): Expression {
    const parts = [this.#comparison()];
    while (this.skip('and')) parts.push(this.#comparison());
    return parts.length === 1 && parts[0]
      ? parts[0]
      : (row) => parts.every((part) => part(row) === true);
  }

  #comparison(): Expression {
    const left = this.#value();
    const operator = this.peek() ?? '';
    const list = LISTS[operator];
    if (list) {
      this.take();
      const values = this.#list();
      const compare = COMPARISONS[list.compare];
      return (row) => values.some((value) => compare?.(left(row), value(row))) !== list.none;
    }
    const compare = COMPARISONS[operator];
    if (!compare) return left;
    this.take();
    const right = this.#value();
    return (row) => compare(left(row), right(row));
  }

  #list(): readonly Expression[] {
    this.expect('(');
    const values: Expression[] = [];
    while (!this.skip(')')) {
      values.push(this.expression());
      this.skip(',');
    }
    return values;
  }

  #value(): Expression {
    if (this.skip('(')) {
      const inner = this.expression();
      this.expect(')');
      return inner;
    }
    const token = this.take();
    if (token.kind === 'text') return () => token.value;
    if (token.kind === 'number') return () => Number(token.value);
    if (token.kind !== 'name') return invalidQuery(`unexpected '${token.value}'`);
    if (token.value === 'true' || token.value === 'false') return () => token.value === 'true';
    if (this.peek() === '(') return this.#call(token.value);
    return this.#path(token.value);
  }

  #call(name: string): Expression {
    const apply = FUNCTIONS[name] ?? invalidQuery(`unknown function '${name}'`);
    const values = this.#list();
    return (row) => apply(values.map((value) => value(row)));
  }

  /** `properties.a['b'].c`; names are compared exactly, as in KQL. */
  #path(first: string): Expression {
    const names: (string | number)[] = [first];
    for (;;) {
      if (this.skip('.')) names.push(this.take().value);
      else if (this.skip('[')) {
        const { kind, value } = this.take();
        names.push(kind === 'number' ? Number(value) : value);
        this.expect(']');
      } else break;
    }
    return (row) => names.reduce<unknown>(member, row);
  }
}

function member(value: unknown, name: string | number): unknown {
  if (Array.isArray(value)) return value[Number(name)];
  return isObject(value) ? value[String(name)] : undefined;
}

function isScalar(value: unknown): boolean {
  return typeof value !== 'object';
}

/** What `tostring` makes of a value; nothing becomes the empty text. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A term with signs in it, such as a name with hyphens, stands between characters of no word. */
function wholeTerm(text: string, term: string): boolean {
  const at = text.indexOf(term);
  if (at < 0 || term === '') return false;
  const before = text[at - 1] ?? ' ';
  const after = text[at + term.length] ?? ' ';
  return !/[a-z0-9]/.test(before) && !/[a-z0-9]/.test(after);
}
