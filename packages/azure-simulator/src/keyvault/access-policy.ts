import { ArmError } from '../arm/arm-error.ts';
import { sameId } from '../arm/resource-id.ts';
import { isObject, type JsonObject, textAt } from '../resources/json.ts';

/** What somebody may do in a vault that does not go by roles, in the caller's casing. */
export interface AccessPolicy {
  readonly tenantId: string;
  readonly objectId: string;
  readonly permissions: JsonObject;
}

interface OfVault {
  readonly tenantId: string;
  readonly accessPolicies: readonly AccessPolicy[];
}

export type PolicyChange = 'add' | 'replace' | 'remove';

/** @throws ArmError 400. Source: recorded. */
export function readPolicies(value: unknown): readonly AccessPolicy[] {
  if (!Array.isArray(value)) throw invalidPolicies();
  return value.map((it: unknown) => {
    const tenantId = textAt(it, 'tenantId');
    const objectId = textAt(it, 'objectId');
    const permissions = isObject(it) ? it['permissions'] : undefined;
    if (!tenantId || !objectId || !isObject(permissions)) throw invalidPolicies();
    return { tenantId, objectId, permissions };
  });
}

/**
 * Policies after a change: `add` gives more rights, `replace` other ones to who is named, `remove`
 * takes rights away and the policy with the last of them.
 *
 * Source: REST reference, Vaults – Update Access Policy.
 */
export function changePolicies(
  old: readonly AccessPolicy[],
  change: PolicyChange,
  asked: readonly AccessPolicy[],
): readonly AccessPolicy[] {
  return asked.reduce<readonly AccessPolicy[]>((policies, it) => {
    const rest = policies.filter(({ objectId }) => !sameId(objectId, it.objectId));
    const known = policies.find(({ objectId }) => sameId(objectId, it.objectId));
    if (change === 'replace' || !known) return change === 'remove' ? rest : [...rest, it];
    const permissions = merged(known.permissions, it.permissions, change);
    const isEmpty = Object.values(permissions).every((all) => all.length === 0);
    return isEmpty ? rest : [...rest, { ...known, permissions }];
  }, old);
}

/** Whether somebody of the vault's own directory is named at all, and has all these rights on keys. */
export function allowsKeys(
  { tenantId, accessPolicies }: OfVault,
  objectId: string,
  wanted: readonly string[],
): boolean {
  const own = accessPolicies.filter(
    (it) => sameId(it.objectId, objectId) && sameId(it.tenantId, tenantId),
  );
  const granted = own.flatMap(({ permissions }) => words(permissions['keys']));
  return (
    own.length > 0 &&
    wanted.every((it) => granted.includes('all') || granted.includes(it.toLowerCase()))
  );
}

/** A policy with every right. */
export function allRights(tenantId: string, objectId: string): AccessPolicy {
  const all = ['all'];
  return {
    tenantId,
    objectId,
    permissions: { keys: all, secrets: all, certificates: all, storage: all },
  };
}

function merged(
  old: JsonObject,
  asked: JsonObject,
  change: 'add' | 'remove',
): Readonly<Record<string, readonly string[]>> {
  const kinds = [...new Set([...Object.keys(old), ...Object.keys(asked)])];
  return Object.fromEntries(
    kinds.map((kind) => {
      const had = words(old[kind]);
      const named = words(asked[kind]);
      return [kind, change === 'add' ? [...new Set([...had, ...named])] : without(had, named)];
    }),
  );
}

/** `all` names every one. */
function without(had: readonly string[], named: readonly string[]): readonly string[] {
  return named.includes('all') ? [] : had.filter((it) => !named.includes(it));
}

function words(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map((it) => String(it).toLowerCase()) : [];
}

function invalidPolicies(): ArmError {
  return new ArmError(400, 'BadRequest', "An invalid value was provided for 'accessPolicies'.");
}
