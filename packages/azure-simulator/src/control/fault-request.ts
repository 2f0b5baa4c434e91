import type { Condition, ConditionKind, Conditions } from '../conditions.ts';
import type { FaultKind, FaultMatcher, Faults, Refusal } from '../faults.ts';
import { SUBSCRIPTION_STATES } from '../resources/inventory.ts';
import { isObject, type JsonObject } from '../resources/json.ts';

/**
 * A fault as JSON: `kind`, which calls or events it is for, and what its kind needs; or a condition,
 * which is for all calls.
 */
export interface FaultRequest {
  readonly kind: FaultKind | ConditionKind;
  /** For calls only. */
  readonly method?: string;
  /** Source of a regular expression; absent for a condition. */
  readonly path?: string;
  readonly times?: number;
  /** `status`, `code`, …, as the kind has them. */
  readonly [field: string]: unknown;
}

interface Field {
  readonly fits: (value: unknown) => boolean;
  readonly what: string;
  readonly optional?: true;
}

type Fields = Readonly<Record<string, Field>>;

interface Kind {
  readonly fields: Fields | ((fault: JsonObject) => Fields);
  /** Takes what was checked. */
  readonly order: (faults: Faults, matcher: FaultMatcher, fault: FaultRequest) => void;
}

/** What lasts has no path, and no count. */
const CONDITIONS: Readonly<Record<ConditionKind, Fields>> = {
  'no-capacity': {
    size: { fits: isText, what: 'a text' },
    location: { fits: isText, what: 'a text', optional: true },
    zone: { fits: isText, what: 'a text', optional: true },
  },
  'subscription-state': {
    subscription: { fits: isText, what: 'a text' },
    state: oneOf(SUBSCRIPTION_STATES),
  },
};

const MILLISECONDS = whole('a whole number of milliseconds', 1, 86_400_000);
const TEXT: Field = { fits: isText, what: 'a text' };
/** In place of a code and a message. */
const RAW: Fields = {
  body: { fits: (it) => typeof it === 'string', what: 'a text, which may be empty' },
  contentType: { ...TEXT, optional: true },
};
const METHODS = ['GET', 'HEAD', 'PUT', 'PATCH', 'POST', 'DELETE'];

const KINDS: Readonly<Record<FaultKind, Kind>> = {
  refuse: {
    fields: ({ body }) => ({
      status: whole('an HTTP status from 400 on', 400, 599),
      ...(body === undefined ? { code: TEXT, message: TEXT } : RAW),
    }),
    order: (faults, matcher, fault) => faults.refuseNext(matcher, refusalIn(fault)),
  },
  throttle: {
    fields: { retryAfterS: whole('a whole number of seconds', 1, 86_400) },
    order: (faults, matcher, { retryAfterS }) => faults.throttleNext(matcher, Number(retryAfterS)),
  },
  delay: {
    fields: { delayMs: MILLISECONDS },
    order: (faults, matcher, { delayMs }) => faults.delayNext(matcher, Number(delayMs)),
  },
  drop: {
    fields: { when: oneOf(['before', 'after']) },
    order: (faults, matcher, { when }) =>
      faults.dropNext(matcher, when === 'after' ? 'after' : 'before'),
  },
  'fail-operation': {
    fields: {
      code: TEXT,
      message: TEXT,
      leaves: { ...oneOf(['nothing', 'effect']), optional: true },
    },
    order: (faults, matcher, { code, message, leaves }) =>
      faults.failOperationNext(matcher, {
        code: String(code),
        message: String(message),
        leaves: leaves === 'effect' ? 'effect' : 'nothing',
      }),
  },
  'leave-out': {
    fields: { ids: { fits: isExpression, what: 'a regular expression' } },
    order: (faults, matcher, { ids }) => faults.leaveOutNext(matcher, new RegExp(String(ids), 'i')),
  },
  'lose-event': { fields: {}, order: (faults, matcher) => faults.loseNextEvent(matcher) },
  'repeat-event': {
    fields: { copies: { ...whole('a whole number from 2 on', 2, 1000), optional: true } },
    order: (faults, matcher, { copies }) => faults.repeatNextEvent(matcher, Number(copies ?? 2)),
  },
  'delay-event': {
    fields: { delayMs: MILLISECONDS },
    order: (faults, matcher, { delayMs }) => faults.delayNextEvent(matcher, Number(delayMs)),
  },
  'reorder-event': { fields: {}, order: (faults, matcher) => faults.reorderNextEvent(matcher) },
};

export const FAULT_KINDS: readonly string[] = [...Object.keys(KINDS), ...Object.keys(CONDITIONS)];

interface Ordered {
  readonly faults: Faults;
  readonly conditions: Conditions;
}

/**
 * Orders a fault, or begins a condition, that has no mistakes.
 *
 * @throws Error for a subscription that is not there.
 */
export function orderFault({ faults, conditions }: Ordered, fault: FaultRequest): void {
  const { kind, method, path = '', times } = fault;
  if (isCondition(kind)) {
    // Its shape was checked, field by field.
    conditions.begin(fault as unknown as Condition);
    return;
  }
  const matcher: FaultMatcher = {
    path: new RegExp(path, 'i'),
    ...(method ? { method } : {}),
    ...(times ? { times } : {}),
  };
  KINDS[kind].order(faults, matcher, fault);
}

function isCondition(kind: string): kind is ConditionKind {
  return Object.hasOwn(CONDITIONS, kind);
}

function refusalIn({ status, code, message, body, contentType }: FaultRequest): Refusal {
  if (body === undefined) {
    return { status: Number(status), code: String(code), message: String(message) };
  }
  const type = contentType === undefined ? {} : { contentType: String(contentType) };
  return { status: Number(status), body: String(body), ...type };
}

/** Takes a list of faults, or one: as they are, or with all that is wrong, each with its place. */
export function parseFaults(
  json: unknown,
): { readonly faults: readonly FaultRequest[] } | { readonly errors: readonly string[] } {
  const all: readonly unknown[] = Array.isArray(json) ? json : [json];
  const errors = all.flatMap((it, index) =>
    mistakesIn(it, Array.isArray(json) ? `$[${index}]` : '$'),
  );
  // Their shape was just checked, field by field.
  return errors.length > 0 ? { errors } : { faults: all as readonly FaultRequest[] };
}

function mistakesIn(fault: unknown, path: string): readonly string[] {
  if (!isObject(fault)) return [`${path}: expected an object`];
  const name = String(fault['kind'] ?? '');
  if (isCondition(name)) return mistakesInFields(fault, name, CONDITIONS[name], path);
  const kind = Object.hasOwn(KINDS, name) ? KINDS[name as FaultKind] : undefined;
  const own = typeof kind?.fields === 'function' ? kind.fields(fault) : kind?.fields;
  const common: Fields = {
    path: { fits: isExpression, what: 'a regular expression' },
    times: { ...whole('a whole number from 1 on', 1, 1_000_000), optional: true },
    ...(name.endsWith('-event') ? {} : { method: { ...oneOf(METHODS), optional: true } }),
  };
  // What else may stand there depends on a kind.
  const known = kind ? name : null;
  return mistakesInFields(fault, known, { ...common, ...own }, path);
}

/** @param kind null: not known, so any field may be its own. */
function mistakesInFields(
  fault: JsonObject,
  kind: string | null,
  own: Fields,
  path: string,
): readonly string[] {
  const fields: Fields = { kind: oneOf(FAULT_KINDS), ...own };
  return [
    ...Object.entries(fields).flatMap(([field, it]) => mistakeOf(fault, field, it, path)),
    ...(kind === null ? [] : Object.keys(fault))
      .filter((field) => !Object.hasOwn(fields, field))
      .map((field) => `${path}.${field}: is not known for ${kind}`),
  ];
}

function mistakeOf(
  fault: JsonObject,
  name: string,
  { fits, what, optional }: Field,
  path: string,
): readonly string[] {
  const value = fault[name];
  if (value === undefined) return optional ? [] : [`${path}.${name}: is missing`];
  return fits(value) ? [] : [`${path}.${name}: expected ${what}`];
}

function whole(what: string, least: number, most: number): Field {
  return {
    what,
    fits: (it) => Number.isInteger(it) && Number(it) >= least && Number(it) <= most,
  };
}

function oneOf(words: readonly string[]): Field {
  return { what: `one of ${words.join(', ')}`, fits: (it) => words.includes(String(it)) };
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isExpression(value: unknown): boolean {
  if (typeof value !== 'string' || value === '') return false;
  try {
    return new RegExp(value, 'i') instanceof RegExp;
  } catch {
    return false;
  }
}
