import type {
  EncryptionSetDescription,
  KeyDescription,
  VaultDescription,
} from '@keyturn/azure-simulator/estate-description';
import type { Resource } from '../../azure/arm/pages.ts';
import type { Subscription } from '../../azure/resources/read-subscription.ts';
import { at, daysUntil, known, lastOf, numberAt, textAt } from './json.ts';

interface KeyName {
  readonly vault: string;
  readonly key: string;
}

/** Vaults with their keys; a vault of another subscription is there by name, for the sets on it. */
export function describeVaults(
  { vaults, keys, encryptionSets }: Subscription,
  groupOf: (id: string) => string,
  nowMs: number,
): readonly VaultDescription[] {
  const used = encryptionSets.map(activeKeyOf).filter((it) => it !== null);
  const ours = vaults.map((vault): VaultDescription => {
    const name = lastOf(vault.id);
    const read = keys.get(vault.id.toLowerCase()) ?? null;
    const described = (read ?? []).map((it) => describeKey(it, nowMs));
    return {
      name,
      group: groupOf(vault.id),
      ...describeVault(vault),
      // A key that a set uses and the vault does not show was deleted; or the keys were not shown.
      keys: [...described, ...missing(used, name, described, read === null)],
    };
  });
  const names = new Set(ours.map(({ name }) => name.toLowerCase()));
  const others = new Map(used.map(({ vault }) => [vault.toLowerCase(), vault]));
  return [
    ...ours,
    ...[...others.values()]
      .filter((name) => !names.has(name.toLowerCase()))
      .map((name) => ({ name, keys: missing(used, name, [], true) })),
  ];
}

export function describeSet(set: Resource, name: string, group: string): EncryptionSetDescription {
  const key = activeKeyOf(set);
  const identity = textAt(set, 'identity.type') ?? 'SystemAssigned';
  const rotation = at(set, 'properties.rotationToLatestKeyVersionEnabled');
  return {
    name,
    group,
    ...known({
      location: textAt(set, 'location'),
      key: key ? `${key.vault}/${key.key}` : undefined,
      encryptionType: textAt(set, 'properties.encryptionType'),
      autoRotation: typeof rotation === 'boolean' ? rotation : undefined,
    }),
    identity: /UserAssigned/i.test(identity) ? 'UserAssigned' : 'SystemAssigned',
  };
}

function activeKeyOf(set: Resource): KeyName | null {
  const url = textAt(set, 'properties.activeKey.keyUrl') ?? '';
  const [, vault, key] = /^https:\/\/([^./]+)\.[^/]+\/keys\/([^/]+)/i.exec(url) ?? [];
  return vault && key ? { vault, key } : null;
}

function missing(
  used: readonly KeyName[],
  vault: string,
  described: readonly KeyDescription[],
  isUnread: boolean,
): readonly KeyDescription[] {
  const there = new Set(described.map(({ name }) => name.toLowerCase()));
  const names = used.filter((it) => same(it.vault, vault)).map(({ key }) => key);
  return [...new Set(names)]
    .filter((name) => !there.has(name.toLowerCase()))
    .map((name) => ({ name, ...(isUnread ? {} : { deleted: true }) }));
}

function describeVault(vault: Resource): Omit<VaultDescription, 'name'> {
  const acls = at(vault, 'properties.networkAcls');
  const isClosed = /deny/i.test(textAt(acls, 'defaultAction') ?? '');
  const trusts = /azureservices/i.test(textAt(acls, 'bypass') ?? '');
  const open = trusts ? 'trusted-services' : 'closed';
  return {
    ...known({
      location: textAt(vault, 'location'),
      retentionDays: numberAt(vault, 'properties.softDeleteRetentionInDays'),
    }),
    sku: /premium/i.test(textAt(vault, 'properties.sku.name') ?? '') ? 'premium' : 'standard',
    rbac: at(vault, 'properties.enableRbacAuthorization') === true,
    purgeProtection: at(vault, 'properties.enablePurgeProtection') === true,
    firewall: isClosed ? open : 'none',
  };
}

function describeKey(key: Resource, nowMs: number): KeyDescription {
  const expires = numberAt(key, 'properties.attributes.exp');
  return {
    name: lastOf(key.id),
    ...known({
      kty: textAt(key, 'properties.kty'),
      sizeBits: numberAt(key, 'properties.keySize'),
    }),
    enabled: at(key, 'properties.attributes.enabled') !== false,
    expiresInDays: expires === undefined ? null : daysUntil(expires * 1000, nowMs),
  };
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
