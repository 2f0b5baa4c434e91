import { isObject, type JsonObject } from '../resources/json.ts';
import { fieldPath, valuesAt } from './policy-field.ts';
import { type Condition, type FieldCondition, type Operator, parameterIn } from './policy-rule.ts';

/** One comparison that was made, in Azure's words. */
export interface EvaluatedExpression {
  readonly result: 'True' | 'False';
  readonly expressionKind: 'Field';
  readonly expression: string;
  readonly path: string;
  readonly expressionValue?: unknown;
  readonly targetValue: unknown;
  readonly operator: string;
}

export interface Evaluation {
  readonly holds: boolean;
  /** The comparisons that led to it. */
  readonly expressions: readonly EvaluatedExpression[];
}

type Compare = (value: unknown, target: unknown) => boolean;

const POSITIVE: Readonly<Record<string, Compare>> = {
  equals: (value, target) => same(value, target),
  in: (value, target) => Array.isArray(target) && target.some((it) => same(value, it)),
  like: (value, target) => value !== undefined && likeness(String(target)).test(String(value)),
  contains: (value, target) =>
    Array.isArray(value)
      ? value.some((it) => same(it, target))
      : value !== undefined && textOf(value).includes(textOf(target)),
};

/** Each of these is the opposite of another one: a field that is not there is not equal. */
const NEGATIVE: Readonly<Record<string, Compare | undefined>> = {
  notEquals: POSITIVE['equals'],
  notIn: POSITIVE['in'],
  notLike: POSITIVE['like'],
  notContains: POSITIVE['contains'],
};

/**
 * Whether the condition of a rule holds for a resource's body.
 *
 * Source: "Azure Policy definition structure policy rule": texts are compared without regard to
 * case, and of a list every element has to pass.
 */
export function evaluate(
  condition: Condition,
  body: JsonObject,
  parameters: JsonObject,
): Evaluation {
  if (condition.kind === 'field') return compare(condition, body, parameters);
  if (condition.kind === 'not') {
    const inner = evaluate(condition.of, body, parameters);
    return { holds: !inner.holds, expressions: inner.expressions };
  }
  const all = condition.of.map((it) => evaluate(it, body, parameters));
  if (condition.kind === 'allOf') {
    return { holds: all.every(({ holds }) => holds), expressions: expressionsOf(all) };
  }
  const first = all.find(({ holds }) => holds);
  return first ?? { holds: false, expressions: expressionsOf(all) };
}

/** A parameter's value where the text names one; what is written there where it does not. */
export function resolved(target: unknown, parameters: JsonObject): unknown {
  if (Array.isArray(target)) return target.map((it) => resolved(it, parameters));
  const name = typeof target === 'string' ? parameterIn(target) : null;
  if (name === null) return target;
  const key = Object.keys(parameters).find((it) => it.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : parameters[key];
}

function compare(
  { field, operator, target }: FieldCondition,
  body: JsonObject,
  parameters: JsonObject,
): Evaluation {
  const wanted = resolved(target, parameters);
  const values = valuesAt(body, field);
  const holds = values.every((value) => passes(operator, value, wanted));
  const [value] = values;
  return {
    holds,
    expressions: [
      {
        result: holds ? 'True' : 'False',
        expressionKind: 'Field',
        expression: field,
        path: fieldPath(field) ?? field,
        ...(value === undefined ? {} : { expressionValue: value }),
        targetValue: wanted ?? null,
        operator: `${operator.charAt(0).toUpperCase()}${operator.slice(1)}`,
      },
    ],
  };
}

function passes(operator: Operator, value: unknown, target: unknown): boolean {
  if (operator === 'exists') {
    return (value !== undefined && value !== null) === (textOf(target) === 'true');
  }
  const opposite = NEGATIVE[operator];
  if (opposite) return !opposite(value, target);
  return POSITIVE[operator]?.(value, target) ?? false;
}

function same(a: unknown, b: unknown): boolean {
  if (a === undefined || b === undefined) return false;
  return textOf(a) === textOf(b);
}

function textOf(value: unknown): string {
  return (isObject(value) ? JSON.stringify(value) : String(value)).toLowerCase();
}

function likeness(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'i');
}

function expressionsOf(all: readonly Evaluation[]): readonly EvaluatedExpression[] {
  return all.flatMap(({ expressions }) => expressions);
}
