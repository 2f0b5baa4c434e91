import { ArmError } from '../arm/arm-error.ts';
import type { JsonObject } from '../resources/json.ts';
import type { Firewall } from './vault.ts';

export interface KeyVersion {
  readonly version: string;
  readonly sizeBits: number;
  readonly modulus: string;
  /** Unix seconds. */
  readonly created: number;
  updated: number;
  enabled: boolean;
  expires: number | undefined;
  notBefore: number | undefined;
  tags: Readonly<Record<string, string>> | undefined;
}

export interface VaultKey {
  readonly name: string;
  readonly kty: string;
  /** Oldest first; the last one is current. */
  readonly versions: KeyVersion[];
  /** Unix seconds of a soft deletion. */
  deletedAt: number | undefined;
  /** As it was set, with its times; `null` until it is. */
  rotationPolicy: JsonObject | null;
}

export interface KeyVault {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly keys: Map<string, VaultKey>;
  readonly retentionDays: number;
  readonly purgeProtection: boolean;
  readonly firewall: Firewall;
  /** Roles say who may use keys; access policies otherwise, which are not simulated: all may. */
  readonly rbac: boolean;
}

/** Why a key cannot be used to wrap; `null` when it can. */
export type KeyProblem = 'missing' | 'disabled' | 'expired' | null;

/** Keys of all vaults; what disk encryption asks of them too. */
export class KeyStore {
  readonly #vaults = new Map<string, KeyVault>();

  addVault(vault: KeyVault): void {
    this.#vaults.set(vault.name.toLowerCase(), vault);
  }

  findVault(name: string): KeyVault | undefined {
    return this.#vaults.get(name.toLowerCase());
  }

  /** The vault, key and version that a key URL names; without a version the current one. */
  find(keyUrl: string): { vault: KeyVault; key: VaultKey; version: KeyVersion } | null {
    const [, vaultName, keyName, versionName] =
      /^https:\/\/([^.]+)\.[^/]+\/keys\/([^/]+)\/?([^/]*)/i.exec(keyUrl) ?? [];
    const vault = this.findVault(vaultName ?? '');
    const key = vault?.keys.get((keyName ?? '').toLowerCase());
    if (!vault || !key) return null;
    const version = versionName
      ? key.versions.find((candidate) => candidate.version === versionName)
      : key.versions.at(-1);
    return version ? { vault, key, version } : null;
  }

  problemWith(keyUrl: string): KeyProblem {
    const found = this.find(keyUrl);
    if (!found || found.key.deletedAt !== undefined) return 'missing';
    if (!found.version.enabled) return 'disabled';
    const { expires } = found.version;
    if (expires !== undefined && expires * 1000 <= Date.now()) return 'expired';
    return null;
  }

  /** @throws ArmError 404 with the vault's own text. */
  requireKey(
    vault: KeyVault,
    name: string,
    version?: string,
  ): { key: VaultKey; version: KeyVersion } {
    const key = vault.keys.get(name.toLowerCase());
    const found = version
      ? key?.versions.find((candidate) => candidate.version === version)
      : key?.versions.at(-1);
    if (!key || !found || key.deletedAt !== undefined) throw keyNotFound(name);
    return { key, version: found };
  }

  /** @throws ArmError 404. */
  requireDeletedKey(vault: KeyVault, name: string): VaultKey {
    const key = vault.keys.get(name.toLowerCase());
    if (key?.deletedAt === undefined) {
      throw new ArmError(404, 'KeyNotFound', `Deleted Key not found: ${name}`);
    }
    return key;
  }
}

/** Source: recorded answers since 2021. */
function keyNotFound(name: string): ArmError {
  return new ArmError(
    404,
    'KeyNotFound',
    `A key with (name/id) ${name} was not found in this key vault. If you recently deleted this key you may be able to recover it using the correct recovery command. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182`,
  );
}
