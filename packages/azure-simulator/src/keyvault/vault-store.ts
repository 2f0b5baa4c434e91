import { ArmError, resourceNotFound } from '../arm/arm-error.ts';
import { sameId } from '../arm/resource-id.ts';
import type { Call } from '../arm/route.ts';
import type { Collection } from '../resources/inventory.ts';
import { objectAt, textAt } from '../resources/json.ts';
import { tagsIn } from '../resources/tags.ts';
import { changePolicies, type PolicyChange, readPolicies } from './access-policy.ts';
import { VAULT_TYPE, Vault } from './vault.ts';
import { badVault, retentionIn, settingsIn } from './vault-settings.ts';

/** How long the name of a new vault takes to be known. Source: recorded, half a minute mostly. */
const DNS_MS = 30_000;

/** Source: REST reference, Vaults – Create Or Update, pattern of the name. */
const NAME = /^(?!.*--)[a-z][a-z0-9-]{1,22}[a-z0-9]$/i;

interface Surroundings {
  readonly vaults: Collection<Vault>;
  readonly speed: number;
}

export interface DeletedVault {
  readonly vault: Vault;
  readonly deletedAt: number;
  readonly purgedAt: number;
}

export type VaultCall = Call<'subscription' | 'group' | 'vault'>;

/** Vaults: made, changed, deleted for a while, purged. */
export class VaultStore {
  /** Told when the policies of a vault change, or whether it goes by them. */
  onPolicyChange: (vault: Vault) => void = () => {};
  readonly #around: Surroundings;
  readonly #deleted = new Map<string, DeletedVault>();

  constructor(around: Surroundings) {
    this.#around = around;
    around.vaults.onRemove = (vault) => this.#keep(vault);
  }

  put(call: VaultCall): Vault {
    const { vaults } = this.#around;
    const { params, body } = call;
    vaults.inventory.requireGroup(params);
    const known = vaults.find(vaults.idOf(params, params.vault));
    const properties = objectAt(body, 'properties');
    if (known) return this.#change(known, body);
    if (textAt(properties, 'createMode')?.toLowerCase() === 'recover') return this.#recover(params);
    this.#refuseName(params.vault);
    const location = textAt(body, 'location');
    if (!location) {
      throw new ArmError(
        400,
        'LocationRequired',
        'The location property is required for this definition.',
      );
    }
    const now = Date.now();
    const spec = {
      id: vaults.idOf(params, params.vault),
      name: params.vault,
      location,
      createdAt: now,
      retentionDays: retentionIn(properties),
      readyAt: now + DNS_MS / this.#around.speed,
    };
    return vaults.add(new Vault(spec, settingsIn(properties, null), tagsIn(body)));
  }

  patch({ params, body }: VaultCall): Vault {
    return this.#change(this.#around.vaults.require(params, params.vault), body);
  }

  /** @returns whether there was one. */
  remove({ params }: VaultCall): boolean {
    const { vaults } = this.#around;
    vaults.inventory.requireGroup(params);
    const vault = vaults.find(vaults.idOf(params, params.vault));
    if (!vault) return false;
    vaults.remove(vault.id);
    return true;
  }

  changePolicies({ params, body }: VaultCall, change: PolicyChange): Vault {
    const vault = this.#around.vaults.require(params, params.vault);
    const asked = readPolicies(objectAt(body, 'properties')['accessPolicies']);
    const accessPolicies = changePolicies(vault.settings.accessPolicies, change, asked);
    vault.settings = { ...vault.settings, accessPolicies };
    this.onPolicyChange(vault);
    return vault;
  }

  deleted(): readonly DeletedVault[] {
    for (const [name, { purgedAt }] of this.#deleted) {
      if (purgedAt <= Date.now()) this.#deleted.delete(name);
    }
    return [...this.#deleted.values()];
  }

  /** @throws ArmError 404. Source: recorded. */
  requireDeleted(name: string, location: string): DeletedVault {
    const found = this.deleted().find(({ vault }) => sameId(vault.name, name));
    if (found && sameId(found.vault.location, location)) return found;
    throw new ArmError(
      404,
      'DeletedVaultNotFound',
      `The specified deleted vault '${name}' does not exist. Ensure that the vault was indeed deleted and that it is in recoverable state. If soft delete was not enabled then the vault is permanently deleted. Follow this link for more information: https://go.microsoft.com/fwlink/?linkid=2149745`,
    );
  }

  /** @throws ArmError 405 for a protected one. Source: text of public reports. */
  purge(name: string, location: string): void {
    const { vault } = this.requireDeleted(name, location);
    if (vault.purgeProtection) {
      throw new ArmError(405, 'MethodNotAllowed', "Operation 'DeletedVaultPurge' is not allowed.");
    }
    this.#deleted.delete(vault.name.toLowerCase());
  }

  /** Also one that goes with its group. */
  #keep(vault: Vault): void {
    const deletedAt = Date.now();
    const purgedAt = deletedAt + vault.retentionDays * 86_400_000;
    this.#deleted.set(vault.name.toLowerCase(), { vault, deletedAt, purgedAt });
  }

  #change(vault: Vault, body: unknown): Vault {
    const properties = objectAt(body, 'properties');
    const days = properties['softDeleteRetentionInDays'];
    if (days !== undefined && days !== vault.retentionDays) {
      throw badVault(
        'The property "softDeleteRetentionInDays" has been set already and it can\'t be modified.',
      );
    }
    const { settings: old } = vault;
    vault.settings = settingsIn(properties, old);
    vault.tags = tagsIn(body) ?? vault.tags;
    const isOther =
      vault.settings.rbac !== old.rbac || vault.settings.accessPolicies !== old.accessPolicies;
    if (isOther) this.onPolicyChange(vault);
    return vault;
  }

  #recover(params: VaultCall['params']): Vault {
    const { vaults } = this.#around;
    const found = this.deleted().find(({ vault }) => sameId(vault.name, params.vault));
    if (!found || !sameId(found.vault.id, vaults.idOf(params, params.vault))) {
      throw resourceNotFound(VAULT_TYPE, params.vault, params.group);
    }
    this.#deleted.delete(found.vault.name.toLowerCase());
    return vaults.add(found.vault);
  }

  /** Source: recorded for a deleted one; public reports of the other two. */
  #refuseName(name: string): void {
    if (!NAME.test(name)) {
      throw new ArmError(
        400,
        'VaultNameNotValid',
        `The vault name '${name}' is invalid. A vault's name must be between 3-24 alphanumeric characters. The name must begin with a letter, end with a letter or digit, and not contain consecutive hyphens. Follow this link for more information: https://go.microsoft.com/fwlink/?linkid=2147742`,
      );
    }
    if (this.deleted().some(({ vault }) => sameId(vault.name, name))) {
      throw new ArmError(
        409,
        'ConflictError',
        'A vault with the same name already exists in deleted state. You need to either recover or purge existing key vault. Follow this link https://go.microsoft.com/fwlink/?linkid=2149745 for more information on soft delete.',
      );
    }
    if (this.#around.vaults.list().some((vault) => sameId(vault.name, name))) {
      throw new ArmError(
        409,
        'VaultAlreadyExists',
        `The vault name '${name}' is already in use. Vault names are globally unique so it is possible that the name is already taken. If you are sure that the vault name was not taken then it is possible that a vault with the same name was recently deleted but not purged after being placed in a recoverable state. If the vault is in a recoverable state then the vault will need to be purged before reusing the name. For more information about VaultAlreadyExists, soft delete and purging a vault follow this link https://go.microsoft.com/fwlink/?linkid=2147740.`,
      );
    }
  }
}
