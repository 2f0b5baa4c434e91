import type { FaultKind, FaultMatcher, Faults, Refusal } from '../faults.ts';
import { isObject, type JsonObject } from '../resources/json.ts';

/** A fault as JSON: `kind`, which calls or events it is for, and what its kind needs. */
export interface FaultRequest {
  readonly kind: FaultKind;
  /** For calls only. */
  readonly method?: string;
  /** Source of a regular expression. */
  readonly path: string;
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

const MILLISECONDS = whole('a whole number of milliseconds', 1, 86_400_000);
const TEXT: Field = { fits: (it) => typeof it === 'string' && it !== '', what: 'a text' };
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

export const FAULT_KINDS: readonly string[] = Object.keys(KINDS);

/** Orders a fault that has no mistakes. */
export function orderFault(faults: Faults, fault: FaultRequest): void {
  const { method, path, times } = fault;
  const matcher: FaultMatcher = {
    path: new RegExp(path, 'i'),
    ...(method ? { method } : {}),
    ...(times ? { times } : {}),
  };
  KINDS[fault.kind].order(faults, matcher, fault);
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
  const kind = Object.hasOwn(KINDS, name) ? KINDS[name as FaultKind] : undefined;
  const own = typeof kind?.fields === 'function' ? kind.fields(fault) : kind?.fields;
  const common: Fields = {
    kind: oneOf(FAULT_KINDS),
    path: { fits: isExpression, what: 'a regular expression' },
    times: { ...whole('a whole number from 1 on', 1, 1_000_000), optional: true },
    ...(name.endsWith('-event') ? {} : { method: { ...oneOf(METHODS), optional: true } }),
  };
  const fields = { ...common, ...own };
  return [
    ...Object.entries(fields).flatMap(([field, it]) => mistakeOf(fault, field, it, path)),
    // What else may stand there depends on a kind.
    ...(kind ? Object.keys(fault) : [])
      .filter((field) => !Object.hasOwn(fields, field))
      .map((field) => `${path}.${field}: is not known for ${name}`),
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

function isExpression(value: unknown): boolean {
  if (typeof value !== 'string' || value === '') return false;
  try {
    return new RegExp(value, 'i') instanceof RegExp;
  } catch {
    return false;
  }
}
