import { parseResourceId } from '../arm/resource-id.ts';
import { EncryptionSet } from '../compute/encryption-set.ts';
import type { KeyVault } from '../keyvault/key-store.ts';
import { Vault } from '../keyvault/vault.ts';
import type {
  EncryptionSetDescription,
  GroupDescription,
  KeyDescription,
  VaultDescription,
} from './estate-description.ts';
import { RoleBuilder } from './role-builder.ts';

const DAY_MS = 86_400_000;
export const DEFAULT_GROUP = 'rg-test';
export const DEFAULT_REGION = 'westeurope';

/** Groups, vaults, keys and encryption sets: what disks are encrypted with. */
export class KeyBuilder extends RoleBuilder {
  addGroup(description: GroupDescription): string {
    const { name, location = DEFAULT_REGION, managedBy, tags } = description;
    const subscription = this.#subscription(description.subscription);
    this.world.inventory.addGroup({ subscription, name, location, managedBy, tags });
    return `/subscriptions/${subscription}/resourceGroups/${name}`;
  }

  addVault(description: VaultDescription): string {
    const { name, location = DEFAULT_REGION, keys: descriptions = [] } = description;
    const { vaults, keys, tenantId } = this.world;
    const { retentionDays = 90, purgeProtection = true } = description;
    const { firewall = 'trusted-services' } = description;
    const vault = new Vault({
      id: this.idOf(vaults, description),
      name,
      location,
      tenantId,
      sku: description.sku ?? 'premium',
      rbac: description.rbac ?? true,
      purgeProtection,
      retentionDays,
      createdAt: Date.now() - 200 * DAY_MS,
      firewall,
    });
    vaults.add(vault);
    keys.addVault({
      id: vault.id,
      name,
      region: location,
      keys: new Map(),
      retentionDays,
      purgeProtection,
      firewall,
      rbac: description.rbac ?? true,
    });
    for (const key of descriptions) this.addKey(name, key);
    return vault.id;
  }

  /** Adds a key, or a version to a key that is there; returns the versioned key URL. */
  addKey(vaultName: string, description: KeyDescription): string {
    const vault = this.#vault(vaultName);
    const { random } = this.world;
    const { name, sizeBits = 3072, expiresInDays = 365 } = description;
    const now = Math.floor(Date.now() / 1000);
    const known = vault.keys.get(name.toLowerCase());
    const key = known ?? {
      name,
      kty: description.kty ?? 'RSA',
      versions: [],
      deletedAt: undefined,
      rotationPolicy: null,
    };
    const version = random.hex(32);
    key.versions.push({
      version,
      sizeBits,
      modulus: random.base64(Math.ceil(sizeBits / 6)),
      created: now,
      updated: now,
      enabled: description.enabled ?? true,
      expires: expiresInDays === null ? undefined : now + Math.round(expiresInDays * 86_400),
      notBefore: undefined,
      tags: undefined,
    });
    if (description.deleted) key.deletedAt = now;
    vault.keys.set(name.toLowerCase(), key);
    return `https://${vault.name}.vault.azure.net/keys/${name}/${version}`;
  }

  /** Changes the current version of a key behind everybody's back, as an administrator does. */
  changeKey(
    keyUrl: string,
    change: { enabled?: boolean; expiresInDays?: number; deleted?: boolean },
  ): void {
    const found = this.world.keys.find(keyUrl);
    if (!found) throw new Error(`no such key: ${keyUrl}`);
    const { version, key } = found;
    const now = Math.floor(Date.now() / 1000);
    if (change.enabled !== undefined) version.enabled = change.enabled;
    if (change.expiresInDays !== undefined) version.expires = now + change.expiresInDays * 86_400;
    if (change.deleted !== undefined) key.deletedAt = change.deleted ? now : undefined;
  }

  addEncryptionSet(description: EncryptionSetDescription): string {
    const { name, location = DEFAULT_REGION, identity = 'SystemAssigned' } = description;
    const { sets, vaults, tenantId, random, keys } = this.world;
    const [vaultName = '', keyName = ''] = (description.key ?? `kv-${name}/key-${name}`).split('/');
    const id = this.idOf(sets, description);
    const subscription = parseResourceId(id)?.subscription ?? '';
    if (!keys.findVault(vaultName)) this.addVault({ name: vaultName, location, subscription });
    const key = this.#vault(vaultName).keys.get(keyName.toLowerCase());
    const version = key?.versions.at(-1)?.version;
    const keyUrl = version
      ? `https://${vaultName}.vault.azure.net/keys/${keyName}/${version}`
      : this.addKey(vaultName, { name: keyName });
    const vaultId = vaults.list().find((vault) => vault.name === vaultName)?.id;
    const user = `/subscriptions/${subscription}/resourcegroups/${description.group ?? DEFAULT_GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-${name}`;
    sets.add(
      new EncryptionSet(
        {
          id,
          name,
          location,
          encryptionType: description.encryptionType ?? 'EncryptionAtRestWithCustomerKey',
          accessGranted: description.accessGranted ?? true,
        },
        {
          activeKey: { ...(vaultId ? { sourceVault: { id: vaultId } } : {}), keyUrl },
          identity:
            identity === 'SystemAssigned'
              ? { type: identity, principalId: random.guid(), tenantId }
              : {
                  type: identity,
                  userAssignedIdentities: {
                    [user]: { principalId: random.guid(), clientId: random.guid() },
                  },
                },
          autoRotation: description.autoRotation,
        },
      ),
    );
    return id;
  }

  #vault(name: string): KeyVault {
    const vault = this.world.keys.findVault(name);
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
