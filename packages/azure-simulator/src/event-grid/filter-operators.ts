/** What a filter compares with. */
interface Operands {
  readonly value?: unknown;
  readonly values?: readonly unknown[];
}

interface Operator {
  readonly test: (actual: unknown, operands: Operands) => boolean;
  /** Whether the filter holds where the event has no such key. */
  readonly whenMissing: boolean;
  readonly negated: boolean;
  /** Where the operands stand, and of which kind they are. */
  readonly operands: 'values' | 'value' | 'none';
  readonly type: 'text' | 'number' | 'range' | 'flag' | 'none';
}

type TextTest = (actual: string, operand: string) => boolean;

/**
 * The operators of advanced filters by their names in small letters.
 *
 * Source: "Understand event filtering for Event Grid": values within a filter are alternatives; a
 * missing key holds for NumberNotIn and StringNotIn alone.
 */
export const OPERATORS: Readonly<Record<string, Operator>> = {
  stringin: text((a, b) => a === b),
  stringnotin: not(
    text((a, b) => a === b),
    true,
  ),
  stringbeginswith: text((a, b) => a.startsWith(b)),
  stringnotbeginswith: not(text((a, b) => a.startsWith(b))),
  stringendswith: text((a, b) => a.endsWith(b)),
  stringnotendswith: not(text((a, b) => a.endsWith(b))),
  stringcontains: text((a, b) => a.includes(b)),
  stringnotcontains: not(text((a, b) => a.includes(b))),
  numberin: numbers((a, b) => a === b),
  numbernotin: not(
    numbers((a, b) => a === b),
    true,
  ),
  numberlessthan: number((a, b) => a < b),
  numberlessthanorequals: number((a, b) => a <= b),
  numbergreaterthan: number((a, b) => a > b),
  numbergreaterthanorequals: number((a, b) => a >= b),
  numberinrange: range(),
  numbernotinrange: not(range()),
  boolequals: plain('value', 'flag', (actual, { value }) => actual === value),
  isnullorundefined: { ...plain('none', 'none', () => false), whenMissing: true },
  isnotnull: plain('none', 'none', () => true),
};

function plain(
  operands: Operator['operands'],
  type: Operator['type'],
  test: Operator['test'],
): Operator {
  return { operands, type, test, whenMissing: false, negated: false };
}

function text(test: TextTest): Operator {
  return plain('values', 'text', (actual, { values = [] }) => {
    if (typeof actual !== 'string') return false;
    const lower = actual.toLowerCase();
    return values.some((it) => typeof it === 'string' && test(lower, it.toLowerCase()));
  });
}

function numbers(test: (actual: number, operand: number) => boolean): Operator {
  return plain('values', 'number', (actual, { values = [] }) => {
    if (typeof actual !== 'number') return false;
    return values.some((it) => typeof it === 'number' && test(actual, it));
  });
}

function number(test: (actual: number, operand: number) => boolean): Operator {
  return plain('value', 'number', (actual, { value }) => {
    return typeof actual === 'number' && typeof value === 'number' && test(actual, value);
  });
}

/** Both ends belong to a range. */
function range(): Operator {
  return plain('values', 'range', (actual, { values = [] }) => {
    if (typeof actual !== 'number') return false;
    return values.some((it) => {
      const [from, to] = Array.isArray(it) ? it : [];
      return typeof from === 'number' && typeof to === 'number' && from <= actual && actual <= to;
    });
  });
}

function not(operator: Operator, whenMissing = false): Operator {
  const test: Operator['test'] = (actual, operands) => !operator.test(actual, operands);
  return { ...operator, test, whenMissing, negated: true };
}
