import { ArmError } from '../arm/arm-error.ts';
import { sameId } from '../arm/resource-id.ts';
import type { Collection } from '../resources/inventory.ts';
import type { KeyVault, KeyVersion, VaultKey } from './key-vault.ts';
import type { ManagedHsm } from './managed-hsm.ts';
import type { Vault } from './vault.ts';

/** A version of a key, and where it is. */
export interface FoundVersion {
  readonly vault: KeyVault;
  readonly key: VaultKey;
  readonly version: KeyVersion;
}

/** Why a key cannot be used to wrap; `null` when it can. */
export type KeyProblem = 'missing' | 'disabled' | 'expired' | null;

const VAULT_HOST = /^([^.]+)\.(vault|managedhsm)\./i;
const KEY_URL = /^https:\/\/([^/]+)\/keys\/([^/]+)\/?([^/]*)/i;

/** Keys of all vaults and managed HSMs; what disk encryption asks of them too. */
export class KeyStore {
  /** Told of each new version, and of each key that was changed in another way. */
  onChange: (vault: KeyVault, key: VaultKey, added: KeyVersion | null) => void = () => {};
  readonly #vaults: Collection<Vault>;
  readonly #hsms: Collection<ManagedHsm>;

  constructor(vaults: Collection<Vault>, hsms: Collection<ManagedHsm>) {
    this.#vaults = vaults;
    this.#hsms = hsms;
  }

  all(): readonly KeyVault[] {
    return [...this.#vaults.list(), ...this.#hsms.list()];
  }

  findVault(name: string): Vault | undefined {
    return this.#vaults.list().find((vault) => sameId(vault.name, name));
  }

  /** By the name alone, as an estate refers to it. */
  findByName(name: string): KeyVault | undefined {
    return this.all().find((vault) => sameId(vault.name, name));
  }

  /** What a host name stands for. */
  findHost(hostname: string): KeyVault | undefined {
    const [, name, kind = ''] = VAULT_HOST.exec(hostname) ?? [];
    if (!name) return undefined;
    if (kind.toLowerCase() === 'vault') return this.findVault(name);
    return this.#hsms.list().find((hsm) => sameId(hsm.name, name));
  }

  /** The vault, key and version that a key URL names; without a version the current one. */
  find(keyUrl: string): FoundVersion | null {
    const [, hostname = '', keyName = '', versionName] = KEY_URL.exec(keyUrl) ?? [];
    const vault = this.findHost(hostname);
    const key = vault?.keys.get(keyName.toLowerCase());
    if (!vault || !key) return null;
    const version = versionOf(key, versionName);
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

  addVersion(vault: KeyVault, key: VaultKey, version: KeyVersion): void {
    key.versions.push(version);
    this.onChange(vault, key, version);
  }

  /** @throws ArmError 404 with the vault's own text. */
  requireKey(vault: KeyVault, name: string, wanted?: string): FoundVersion {
    const key = vault.keys.get(name.toLowerCase());
    const version = key && versionOf(key, wanted);
    if (!key || !version || !isLive(key) || key.settledAt > Date.now()) throw keyNotFound(name);
    return { vault, key, version };
  }
}

/** Not soft-deleted, whatever can be seen yet. */
export function isLive({ deletedAt }: VaultKey): boolean {
  return deletedAt === undefined;
}

function versionOf(key: VaultKey, name: string | undefined): KeyVersion | undefined {
  return name ? key.versions.find(({ version }) => version === name) : key.versions.at(-1);
}

/** Source: recorded answers since 2021. */
export function keyNotFound(name: string): ArmError {
  return new ArmError(
    404,
    'KeyNotFound',
    `A key with (name/id) ${name} was not found in this key vault. If you recently deleted this key you may be able to recover it using the correct recovery command. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182`,
  );
}
