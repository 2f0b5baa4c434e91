import type { TypedValue } from './entity.ts';

const HOLDS = {
  eq: (order: number) => order === 0,
  ne: (order: number) => order !== 0,
  gt: (order: number) => order > 0,
  ge: (order: number) => order >= 0,
  lt: (order: number) => order < 0,
  le: (order: number) => order <= 0,
} as const;

export type Comparison = keyof typeof HOLDS;

export function isComparison(word: string): word is Comparison {
  return word in HOLDS;
}

/** Whether a comparison holds; never with an absent value or one of another type. */
export function compares(
  left: TypedValue | undefined,
  comparison: Comparison,
  right: TypedValue,
): boolean {
  if (!left) return false;
  const order = orderOf(left, right);
  return order !== null && HOLDS[comparison](order);
}

/** `null` for values that cannot be compared. */
function orderOf(left: TypedValue, right: TypedValue): number | null {
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a !== null && b !== null) return order(a, b);
  if (left.type !== right.type) return null;
  return order(comparable(left), comparable(right));
}

function numberOf({ type, value }: TypedValue): number | bigint | null {
  if (type === 'Int64') return BigInt(value);
  return type === 'Int32' || type === 'Double' ? value : null;
}

/** Texts by their code units, which is how the service sorts too. */
function comparable({ type, value }: TypedValue): string | number | boolean {
  if (type === 'DateTime') return Date.parse(value);
  if (type === 'Guid') return value.toLowerCase();
  return type === 'Binary' ? Buffer.from(value, 'base64').toString('hex') : value;
}

function order<T extends string | number | boolean | bigint>(a: T, b: T): number {
  if (a < b) return -1;
  if (a > b) return 1;
  // Not by identity: 1 and 1n are the same number, and NaN is in no order at all.
  return a <= b ? 0 : Number.NaN;
}
