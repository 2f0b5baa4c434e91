import type { Entity, TypedValue } from './entity.ts';
import { type Comparison, compares, isComparison } from './entity-comparison.ts';
import { tableError } from './table-error.ts';

export type EntityTest = (entity: Entity) => boolean;

type Token =
  | { readonly kind: 'value'; readonly value: TypedValue }
  | { readonly kind: 'word'; readonly text: string };

const TOKEN =
  /\s*(?:(?<bracket>[()])|(?<type>datetime|guid|binary|X)?'(?<text>(?:[^']|'')*)'|(?<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?<long>L)?(?![\w.])|(?<word>[\p{L}_][\p{L}\p{N}_]*))/uy;

/**
 * Reads a `$filter`. A comparison with a property that an entity has not, or with a value of
 * another type, does not hold, `ne` neither; numbers of all types compare with each other.
 *
 * Source: "Querying tables and entities".
 *
 * @throws ArmError 400
 */
export function parseTableFilter(text: string): EntityTest {
  const parser = new Parser(tokensOf(text));
  const test = parser.disjunction();
  if (!parser.isAtEnd) throw invalid();
  return test;
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#tokens.length;
  }

  disjunction(): EntityTest {
    const first = this.#conjunction();
    if (!this.#takes('or')) return first;
    const rest = this.disjunction();
    return (entity) => first(entity) || rest(entity);
  }

  #conjunction(): EntityTest {
    const first = this.#negation();
    if (!this.#takes('and')) return first;
    const rest = this.#conjunction();
    return (entity) => first(entity) && rest(entity);
  }

  #negation(): EntityTest {
    if (!this.#takes('not')) return this.#term();
    const negated = this.#negation();
    return (entity) => !negated(entity);
  }

  #term(): EntityTest {
    if (!this.#takes('(')) return this.#comparison();
    const inner = this.disjunction();
    if (!this.#takes(')')) throw invalid();
    return inner;
  }

  /** Names alone stand for a truth value. */
  #comparison(): EntityTest {
    const left = this.#operand();
    const comparison = this.#comparator();
    if (!comparison) {
      const truth: TypedValue = { type: 'Boolean', value: true };
      return (entity) => compares(left(entity), 'eq', truth);
    }
    const right = this.#operand();
    return (entity) => {
      const value = right(entity);
      return value !== undefined && compares(left(entity), comparison, value);
    };
  }

  #operand(): (entity: Entity) => TypedValue | undefined {
    const token = this.#tokens[this.#at];
    this.#at += 1;
    if (token?.kind === 'value') return () => token.value;
    if (token?.kind !== 'word' || /^([()]|and|or|not|eq|ne|g[te]|l[te])$/.test(token.text)) {
      throw invalid();
    }
    return (entity) => propertyOf(entity, token.text);
  }

  #comparator(): Comparison | null {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'word' || !isComparison(token.text)) return null;
    this.#at += 1;
    return token.text;
  }

  #takes(word: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'word' || token.text !== word) return false;
    this.#at += 1;
    return true;
  }
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const groups = TOKEN.exec(text)?.groups;
    if (!groups) throw invalid();
    tokens.push(tokenOf(groups));
  }
  return tokens;
}

function tokenOf(groups: Readonly<Record<string, string | undefined>>): Token {
  const { bracket, type, text, number, long, word = '' } = groups;
  if (bracket) return { kind: 'word', text: bracket };
  if (text !== undefined)
    return { kind: 'value', value: literal(type, text.replaceAll("''", "'")) };
  if (number !== undefined) {
    if (long) return { kind: 'value', value: { type: 'Int64', value: number } };
    return { kind: 'value', value: { type: 'Double', value: Number(number) } };
  }
  if (word === 'true' || word === 'false') {
    return { kind: 'value', value: { type: 'Boolean', value: word === 'true' } };
  }
  return { kind: 'word', text: word };
}

function literal(type: string | undefined, text: string): TypedValue {
  if (type === undefined) return { type: 'String', value: text };
  if (type === 'guid') return { type: 'Guid', value: text };
  if (type !== 'datetime') {
    return { type: 'Binary', value: Buffer.from(text, 'hex').toString('base64') };
  }
  if (Number.isNaN(Date.parse(text))) throw invalid();
  return { type: 'DateTime', value: text };
}

function propertyOf(entity: Entity, name: string): TypedValue | undefined {
  if (name === 'PartitionKey') return { type: 'String', value: entity.partitionKey };
  if (name === 'RowKey') return { type: 'String', value: entity.rowKey };
  if (name === 'Timestamp') return { type: 'DateTime', value: entity.timestamp };
  return entity.properties.get(name);
}

function invalid() {
  const text = 'The query condition specified in the request is invalid.';
  return tableError('InvalidInput', { text });
}
