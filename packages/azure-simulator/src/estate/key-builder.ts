import { parseResourceId } from '../arm/resource-id.ts';
import { EncryptionSet } from '../compute/encryption-set.ts';
import { allRights, changePolicies } from '../keyvault/access-policy.ts';
import { rulesFor } from '../keyvault/firewall.ts';
import { type KeyVault, keyUrl, newKey, newVersion } from '../keyvault/key-vault.ts';
import { ManagedHsm } from '../keyvault/managed-hsm.ts';
import { Vault } from '../keyvault/vault.ts';
import type {
  EncryptionSetDescription,
  GroupDescription,
  KeyDescription,
  VaultDescription,
} from './estate-description.ts';
import { GovernanceBuilder } from './governance-builder.ts';

const DAY_MS = 86_400_000;
/** Who made the vaults of an estate. */
const OPERATOR_ID = '0f4d2c1e-7a3b-4c5d-9e8f-1a2b3c4d5e6f';
const DEFAULT_GROUP = 'rg-test';
export const DEFAULT_REGION = 'westeurope';

/** Groups, vaults, keys and encryption sets: what disks are encrypted with. */
export class KeyBuilder extends GovernanceBuilder {
  addGroup(description: GroupDescription): string {
    const { name, location = DEFAULT_REGION, managedBy, tags } = description;
    const subscription = this.#subscription(description.subscription);
    this.world.inventory.addGroup({ subscription, name, location, managedBy, tags });
    return `/subscriptions/${subscription}/resourceGroups/${name}`;
  }

  /** Adds a vault or, by its kind, a managed HSM. */
  addVault(description: VaultDescription): string {
    const vault = description.kind === 'hsm' ? this.#addHsm(description) : this.#add(description);
    for (const key of description.keys ?? []) this.#addKey(vault, key);
    return vault.id;
  }

  /** Adds a key, or a version to a key that is there; returns the versioned key URL. */
  addKey(vaultName: string, description: KeyDescription): string {
    return this.#addKey(this.#vault(vaultName), description);
  }

  /** Changes the current version of a key behind everybody's back, as an administrator does. */
  changeKey(
    keyUrl: string,
    change: {
      enabled?: boolean;
      operations?: readonly string[];
      expiresInDays?: number;
      deleted?: boolean;
    },
  ): void {
    const found = this.world.keys.find(keyUrl);
    if (!found) throw new Error(`no such key: ${keyUrl}`);
    const { version, key } = found;
    const now = Math.floor(Date.now() / 1000);
    if (change.enabled !== undefined) version.enabled = change.enabled;
    if (change.operations) version.operations = change.operations;
    if (change.expiresInDays !== undefined) version.expires = now + change.expiresInDays * 86_400;
    if (change.deleted !== undefined) key.deletedAt = change.deleted ? now : undefined;
  }

  /** Grants the identity of a set its vault, or takes all its grants away. */
  changeGrant(setId: string, grant: 'given' | 'taken'): void {
    const set = this.world.sets.find(setId);
    const vault = set && this.world.keys.find(set.activeKey.keyUrl)?.vault;
    if (!vault) throw new Error(`no such set, or no key behind it: ${setId}`);
    for (const it of set.principalIds) {
      if (grant === 'given') this.#grantKeys(it, vault, set.tenantId);
      else this.world.roles.revokeAll(it);
    }
  }

  addEncryptionSet(description: EncryptionSetDescription): string {
    const { name, location = DEFAULT_REGION, identity = 'SystemAssigned' } = description;
    const { sets, random, keys } = this.world;
    const tenantId = description.tenantId ?? this.world.tenantId;
    const [vaultName = '', keyName = ''] = (description.key ?? `kv-${name}/key-${name}`).split('/');
    const id = this.idOf(sets, description);
    const subscription = parseResourceId(id)?.subscription ?? '';
    if (!keys.findByName(vaultName)) this.addVault({ name: vaultName, location, subscription });
    const vault = this.#vault(vaultName);
    const key = vault.keys.get(keyName.toLowerCase());
    const version = key?.versions.at(-1)?.version;
    const versionUrl =
      key && version ? `${keyUrl(vault, key)}/${version}` : this.#addKey(vault, { name: keyName });
    const user = `/subscriptions/${subscription}/resourcegroups/${description.group ?? DEFAULT_GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-${name}`;
    const set = sets.add(
      new EncryptionSet(
        {
          id,
          name,
          location,
          encryptionType: description.encryptionType ?? 'EncryptionAtRestWithCustomerKey',
          accessGranted: description.accessGranted ?? true,
        },
        {
          activeKey: { sourceVault: { id: vault.id }, keyUrl: versionUrl },
          identity:
            identity === 'SystemAssigned'
              ? { type: identity, principalId: random.guid(), tenantId }
              : {
                  type: identity,
                  userAssignedIdentities: {
                    [user]: { principalId: random.guid(), clientId: random.guid() },
                  },
                },
          tenantId,
          autoRotation: description.autoRotation,
        },
      ),
    );
    if (set.spec.accessGranted)
      for (const it of set.principalIds) this.#grantKeys(it, vault, tenantId);
    return id;
  }

  /** Where roles and policies are read, they say what the description says. */
  #grantKeys(principalId: string, vault: KeyVault, tenantId: string): void {
    const { roles, vaults } = this.world;
    if (vault.rbac) roles.grantKeys(principalId, vault.id);
    const found = vault.rbac ? undefined : vaults.find(vault.id);
    if (!found) return;
    const accessPolicies = changePolicies(found.settings.accessPolicies, 'add', [
      { tenantId, objectId: principalId, permissions: { keys: ['get', 'wrapKey', 'unwrapKey'] } },
    ]);
    found.settings = { ...found.settings, accessPolicies };
  }

  #add(description: VaultDescription): Vault {
    const { name, location = DEFAULT_REGION, rbac = true, firewall } = description;
    const { vaults, callerId } = this.world;
    const tenantId = description.tenantId ?? this.world.tenantId;
    const createdAt = Date.now() - 200 * DAY_MS;
    const vault = new Vault(
      {
        id: this.idOf(vaults, description),
        name,
        location,
        createdAt,
        retentionDays: description.retentionDays ?? 90,
        readyAt: createdAt,
      },
      {
        tenantId,
        sku: description.sku ?? 'premium',
        rbac,
        purgeProtection: description.purgeProtection ?? true,
        networkAcls: rulesFor(firewall ?? 'trusted-services'),
        publicNetworkAccess: 'Enabled',
        accessPolicies: rbac ? [] : [OPERATOR_ID, callerId].map((id) => allRights(tenantId, id)),
        enabledFor: {},
      },
    );
    return vaults.add(vault);
  }

  #addHsm(description: VaultDescription): ManagedHsm {
    const { name, location = DEFAULT_REGION } = description;
    const { hsms, tenantId } = this.world;
    return hsms.add(
      new ManagedHsm({
        id: this.idOf(hsms, description),
        name,
        location,
        tenantId,
        adminId: OPERATOR_ID,
        purgeProtection: description.purgeProtection ?? true,
        retentionDays: description.retentionDays ?? 90,
      }),
    );
  }

  #addKey(vault: KeyVault, description: KeyDescription): string {
    const { random, keys } = this.world;
    const { name, sizeBits = 3072, expiresInDays = 365 } = description;
    const kty = description.kty ?? (vault.kind === 'hsm' ? 'RSA-HSM' : 'RSA');
    const key = vault.keys.get(name.toLowerCase()) ?? newKey(name, kty);
    vault.keys.set(name.toLowerCase(), key);
    const version = newVersion(random, { key_ops: description.operations }, sizeBits);
    version.enabled = description.enabled ?? true;
    if (expiresInDays !== null) {
      version.expires = version.created + Math.round(expiresInDays * 86_400);
    }
    if (description.deleted) key.deletedAt = version.created;
    keys.addVersion(vault, key, version);
    return `${keyUrl(vault, key)}/${version.version}`;
  }

  #vault(name: string): KeyVault {
    const vault = this.world.keys.findByName(name);
    if (!vault) throw new Error(`no such vault: ${name}`);
    return vault;
  }

  /** The ID of a resource to be; its group is made when it is not there. */
  protected idOf(
    collection: { idOf(address: { subscription: string; group: string }, name: string): string },
    description: { name: string; group?: string; subscription?: string; location?: string },
  ): string {
    const { name, group = DEFAULT_GROUP, location } = description;
    const subscription = this.#subscription(description.subscription ?? this.#homeOf(group));
    const address = { subscription, group };
    if (!this.world.inventory.findGroup(address)) {
      this.addGroup({ name: group, subscription, ...(location ? { location } : {}) });
    }
    return collection.idOf(address, name);
  }

  /** The subscription of a group that is there: the first one's own comes before all others. */
  #homeOf(group: string): string | undefined {
    const { inventory } = this.world;
    return inventory
      .subscriptions()
      .map(({ id }) => id)
      .find((subscription) => inventory.findGroup({ subscription, group }));
  }

  #subscription(idOrName: string | undefined): string {
    const { inventory, subscriptionId } = this.world;
    if (idOrName === undefined) return subscriptionId;
    const found = inventory.findSubscription(idOrName);
    if (!found) throw new Error(`no such subscription: ${idOrName}`);
    return found.id;
  }
}
