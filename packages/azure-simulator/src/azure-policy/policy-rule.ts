import { ArmError } from '../arm/arm-error.ts';
import { isObject, type JsonObject, textAt } from '../resources/json.ts';
import { fieldPath } from './policy-field.ts';

const OPERATORS = [
  'equals',
  'notEquals',
  'in',
  'notIn',
  'like',
  'notLike',
  'contains',
  'notContains',
  'exists',
] as const;
export type Operator = (typeof OPERATORS)[number];

/** Compares one field; the target may be `[parameters('name')]`. */
export interface FieldCondition {
  readonly kind: 'field';
  readonly field: string;
  readonly operator: Operator;
  readonly target: unknown;
}

export type Condition =
  | FieldCondition
  | { readonly kind: 'allOf' | 'anyOf'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition };

export interface PolicyRule {
  readonly condition: Condition;
  /** As written: `deny`, or `[parameters('effect')]`. */
  readonly effect: string;
}

export type Effect = 'Deny' | 'Audit' | 'Disabled';

const EFFECTS: Readonly<Record<string, Effect>> = {
  deny: 'Deny',
  audit: 'Audit',
  disabled: 'Disabled',
};
const EXPRESSION = /^\[(?!\[)/;
const PARAMETER = /^\[parameters\('([^']+)'\)\]$/i;

/**
 * Takes a policy rule apart.
 *
 * Source: "Azure Policy definition structure policy rule".
 *
 * @throws ArmError 501 for what is not simulated, by name: what is not understood is not guessed.
 */
export function readPolicyRule(rule: unknown): PolicyRule {
  if (!isObject(rule)) throw unknownPolicy('a rule that is no object');
  const effect = textAt(rule['then'], 'effect') ?? '';
  if (parameterIn(effect) === null) effectNamed(effect);
  return { condition: readCondition(rule['if']), effect };
}

/** @throws ArmError 501 for an effect that is not simulated. */
export function effectNamed(name: string): Effect {
  const found = EFFECTS[name.toLowerCase()];
  if (found) return found;
  throw unknownPolicy(`the effect '${name}'`);
}

/** The name in `[parameters('name')]`; `null` for plain text. */
export function parameterIn(text: string): string | null {
  return PARAMETER.exec(text)?.[1] ?? null;
}

function readCondition(json: unknown): Condition {
  if (!isObject(json)) throw unknownPolicy('a condition that is no object');
  for (const kind of ['allOf', 'anyOf'] as const) {
    const of = json[kind];
    if (Array.isArray(of)) return { kind, of: of.map(readCondition) };
  }
  if ('not' in json) return { kind: 'not', of: readCondition(json['not']) };
  if ('field' in json) return readField(json);
  throw unknownPolicy(`the condition '${Object.keys(json)[0] ?? ''}'`);
}

function readField(json: JsonObject): FieldCondition {
  const field = textAt(json, 'field') ?? '';
  if (fieldPath(field) === null) throw unknownPolicy(`the field '${field}'`);
  const [name = ''] = Object.keys(json).filter((key) => key !== 'field');
  const operator = OPERATORS.find((it) => it.toLowerCase() === name.toLowerCase());
  if (!operator) throw unknownPolicy(`the operator '${name}'`);
  const target = json[name];
  for (const text of [target].flat()) {
    if (typeof text === 'string' && EXPRESSION.test(text) && parameterIn(text) === null) {
      throw unknownPolicy(`the expression '${text}'`);
    }
  }
  return { kind: 'field', field, operator, target };
}

function unknownPolicy(what: string): ArmError {
  return new ArmError(501, 'NotSimulated', `The simulated Azure Policy does not know ${what}.`);
}
