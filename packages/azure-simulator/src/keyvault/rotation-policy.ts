import { isObject, type JsonObject, objectAt, textAt } from '../resources/json.ts';
import type { KeyVersion, VaultKey } from './key-vault.ts';
import { badParameter } from './vault-request-rules.ts';

/** A notice a month before the end, which every policy has. Source: recorded policies. */
export const NOTICE = { trigger: { timeBeforeExpiry: 'P30D' }, action: { type: 'Notify' } };

const SPAN = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?$/;
const DAY_MS = 86_400_000;

/**
 * A policy as it was sent, the way it is shown: action names with a capital, and a notice added
 * where there is none. Source: recorded.
 *
 * @throws ArmError 400, whose texts are assumed.
 */
export function normalised(body: unknown, old: JsonObject): JsonObject {
  const sent: unknown = isObject(body) ? body['lifetimeActions'] : undefined;
  const actions = (Array.isArray(sent) ? sent : []).filter(isObject).map((it) => {
    const type = textAt(objectAt(it, 'action'), 'type') ?? '';
    const capital = type.slice(0, 1).toUpperCase() + type.slice(1).toLowerCase();
    return { trigger: objectAt(it, 'trigger'), action: { type: capital } };
  });
  const expiryTime = textAt(objectAt(body, 'attributes'), 'expiryTime');
  if (!actions.every(isPossible))
    throw badParameter('Property lifetimeActions has invalid value\n');
  if (expiryTime && !lastsLongEnough(expiryTime, actions)) {
    throw badParameter('Property expiryTime has invalid value\n');
  }
  const notifies = actions.some(({ action }) => action.type === 'Notify');
  const now = Math.floor(Date.now() / 1000);
  return {
    lifetimeActions: notifies ? actions : [...actions, NOTICE],
    attributes: {
      ...(expiryTime ? { expiryTime } : {}),
      created: old['created'] ?? now,
      updated: now,
    },
  };
}

interface LifetimeAction {
  readonly trigger: JsonObject;
  readonly action: { readonly type: string };
}

/** One of two triggers, a week at least. Source: "Configure cryptographic key auto-rotation". */
function isPossible({ trigger, action }: LifetimeAction): boolean {
  const given = [trigger['timeAfterCreate'], trigger['timeBeforeExpiry']].filter(
    (it) => it !== undefined && it !== null,
  );
  const [span] = given;
  const isKnown = action.type === 'Rotate' || action.type === 'Notify';
  return isKnown && given.length === 1 && (spanMs(span) ?? 0) >= 7 * DAY_MS;
}

/** Four weeks at least, and a week more than what happens before the end. Source: as above. */
function lastsLongEnough(expiryTime: string, actions: readonly LifetimeAction[]): boolean {
  const lasts = spanMs(expiryTime) ?? 0;
  const before = actions
    .filter(({ action }) => action.type === 'Rotate')
    .map(({ trigger }) => spanMs(trigger['timeBeforeExpiry']) ?? 0);
  return lasts >= 28 * DAY_MS && before.every((it) => it + 7 * DAY_MS <= lasts);
}

/** The end of a version made now, in Unix seconds; only a policy with an `expiryTime` sets one. */
export function expiryOf({ rotationPolicy }: VaultKey, now: number): number | undefined {
  const ms = spanMs(objectAt(rotationPolicy, 'attributes')['expiryTime']);
  return ms === null ? undefined : now + ms / 1000;
}

/**
 * When the current version is to be replaced by itself; `null` for never.
 *
 * A span after its making passes as fast as everything does here; a date stays a date.
 */
export function rotatesAt(key: VaultKey, version: KeyVersion, speed: number): number | null {
  return triggered(key, version, { action: 'Rotate', speed });
}

/** When the end of a version is announced. Source: "Configure key auto-rotation", 30 days. */
export function announcedAt(key: VaultKey, version: KeyVersion, speed: number): number | null {
  if (version.expires === undefined) return null;
  const byPolicy = triggered(key, version, { action: 'Notify', speed });
  return byPolicy ?? version.expires * 1000 - 30 * DAY_MS;
}

function triggered(
  { rotationPolicy }: VaultKey,
  { created, expires }: KeyVersion,
  { action, speed }: { readonly action: 'Rotate' | 'Notify'; readonly speed: number },
): number | null {
  const actions: unknown = rotationPolicy?.['lifetimeActions'];
  const found = (Array.isArray(actions) ? actions : []).find(
    (it) => textAt(objectAt(it, 'action'), 'type') === action,
  );
  const { timeAfterCreate, timeBeforeExpiry } = objectAt(found, 'trigger');
  const after = spanMs(timeAfterCreate);
  // A version is dated by the second, so that it must last for one.
  if (after !== null) return created * 1000 + Math.max(1000, after / speed);
  const before = spanMs(timeBeforeExpiry);
  return before === null || expires === undefined ? null : expires * 1000 - before;
}

/** A month has 30 days and a year 365: assumed. */
function spanMs(span: unknown): number | null {
  const found = typeof span === 'string' ? SPAN.exec(span) : null;
  if (!found) return null;
  const [years = 0, months = 0, days = 0] = found.slice(1).map((it) => Number(it ?? 0));
  const all = years * 365 + months * 30 + days;
  return all === 0 ? null : all * DAY_MS;
}
