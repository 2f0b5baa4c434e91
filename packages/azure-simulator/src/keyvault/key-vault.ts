import type { Random } from '../random.ts';
import { type JsonObject, objectAt } from '../resources/json.ts';
import { tagsIn } from '../resources/tags.ts';
import type { Firewall } from './firewall.ts';
import { operationsIn, USES_OF_KEYS } from './key-operations.ts';
import { badParameter } from './vault-request-rules.ts';

export interface KeyVersion {
  readonly version: string;
  readonly sizeBits: number;
  readonly modulus: string;
  /** Unix seconds. */
  readonly created: number;
  updated: number;
  enabled: boolean;
  /** What it may be used for: `key_ops`. */
  operations: readonly string[];
  expires: number | undefined;
  notBefore: number | undefined;
  tags: Readonly<Record<string, string>> | undefined;
  /**
   * Which ends may still be told of: none for a version that was made before anybody subscribed.
   * Source: "Monitoring Key Vault with Azure Event Grid", warning.
   */
  untold: ReadonlySet<EndOfVersion>;
}

export type EndOfVersion = 'near-expiry' | 'expired';

export interface VaultKey {
  readonly name: string;
  readonly kty: string;
  /** Oldest first; the last one is current. */
  readonly versions: KeyVersion[];
  /** Unix seconds of a soft deletion. */
  deletedAt: number | undefined;
  /** When it can be seen where it was moved to by a deletion or a recovery; ms. */
  settledAt: number;
  /** As it was set, with its times; `null` until it is. */
  rotationPolicy: JsonObject | null;
}

/** What holds keys: a vault or a managed HSM. */
export interface KeyVault {
  readonly kind: 'vault' | 'hsm';
  readonly id: string;
  readonly name: string;
  readonly region: string;
  /** The directory whose identities it knows. */
  readonly tenantId: string;
  /** Without a slash at its end. */
  readonly uri: string;
  readonly keys: Map<string, VaultKey>;
  readonly retentionDays: number;
  readonly purgeProtection: boolean;
  readonly firewall: Firewall;
  /** Whether roles say who may use keys; else it is for the vault to say. */
  readonly rbac: boolean;
  /** Whether somebody may do all of this with keys, if roles do not say so. */
  allows(objectId: string, permissions: readonly string[]): boolean;
}

export function newKey(name: string, kty: string): VaultKey {
  return { name, kty, versions: [], deletedAt: undefined, settledAt: 0, rotationPolicy: null };
}

/** A version as it was asked for, made now. */
export function newVersion(random: Random, body: unknown, sizeBits: number): KeyVersion {
  const { enabled = true, expires, notBefore } = attributesIn(body);
  const now = Math.floor(Date.now() / 1000);
  return {
    version: random.hex(32),
    sizeBits,
    modulus: random.base64(Math.ceil(sizeBits / 6)),
    created: now,
    updated: now,
    enabled,
    operations: operationsIn(body) ?? USES_OF_KEYS,
    expires,
    notBefore,
    tags: tagsIn(body),
    untold: new Set(),
  };
}

interface KeyAttributes {
  readonly enabled: boolean | undefined;
  readonly expires: number | undefined;
  readonly notBefore: number | undefined;
}

/** @throws ArmError 400 for a value of another type. Source: recorded, for a property without name. */
export function attributesIn(body: unknown): KeyAttributes {
  const { enabled, exp, nbf } = objectAt(body, 'attributes');
  if (enabled !== undefined && typeof enabled !== 'boolean') throw badAttribute('enabled');
  return { enabled, expires: secondsIn('exp', exp), notBefore: secondsIn('nbf', nbf) };
}

function secondsIn(name: string, value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && value >= 0) return value;
  throw badAttribute(name);
}

function badAttribute(name: string) {
  return badParameter(`Property ${name} has invalid value\n`);
}

export function keyUrl({ uri }: KeyVault, { name }: VaultKey): string {
  return `${uri}/keys/${name}`;
}
