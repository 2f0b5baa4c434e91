import { type Disk, PLATFORM_KEY } from '../../src/domain/azure/disk.ts';
import type { DiskEncryptionSet } from '../../src/domain/azure/disk-encryption-set.ts';
import type { Key } from '../../src/domain/azure/key.ts';
import type { Permission } from '../../src/domain/azure/permission.ts';
import type { Reading } from '../../src/domain/azure/reading.ts';
import type { KeyRole, Vault } from '../../src/domain/azure/vault.ts';
import type { Vm } from '../../src/domain/azure/vm.ts';
import type { DiskFacts } from '../../src/domain/gate/disk-facts.ts';
import type { VmFacts } from '../../src/domain/gate/vm-facts.ts';
import type {
  ConversionPolicy,
  ScopeEntry,
  SetRule,
} from '../../src/domain/policy/conversion-policy.ts';
import { DEFAULT_POLICY } from '../../src/policy/parse-policy.ts';

export const SUBSCRIPTION = '0b1f6471-1bf0-4dda-aec3-cb9272f09590';
export const OTHER_SUBSCRIPTION = 'dd7c2f5b-6a7e-4d0f-9c3e-7f1a2b3c4d5e';
export const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-erp`;
export const CUSTOMER_KEY = 'EncryptionAtRestWithCustomerKey';
export const DOUBLE_KEY = 'EncryptionAtRestWithPlatformAndCustomerKeys';
export const KEY_URL = 'https://kv-weu.vault.azure.net/keys/disks/5e1b4c0de2a94c2f8d6f7a3b9c0d1e2f';

export const VAULT_ID = `${GROUP}/providers/Microsoft.KeyVault/vaults/kv-weu`;
/** The directory that all belongs to. */
export const TENANT = 'f2b1c5d4-5a6b-4c7d-8e9f-0a1b2c3d4e5f';
/** The identity of `aDiskEncryptionSet()`. */
export const PRINCIPAL = '1c9d5a52-90ab-4d11-8f0e-7a3b2c1d0e9f';

export function diskId(name: string, group = GROUP): string {
  return `${group}/providers/Microsoft.Compute/disks/${name}`;
}

export function vmId(name: string, group = GROUP): string {
  return `${group}/providers/Microsoft.Compute/virtualMachines/${name}`;
}

export function setId(name: string, group = GROUP): string {
  return `${group}/providers/Microsoft.Compute/diskEncryptionSets/${name}`;
}

/** A disk on a platform-managed key that nothing holds. */
export function aDisk(differences: Partial<Disk> = {}): Disk {
  return {
    id: diskId('data-1'),
    region: 'westeurope',
    encryptionType: PLATFORM_KEY,
    diskEncryptionSetId: null,
    diskState: 'Unattached',
    provisioningState: 'Succeeded',
    managedBy: null,
    sharers: [],
    maxShares: 1,
    sku: 'Premium_LRS',
    uniqueId: 'b9f0c3f4-6d0b-4c5e-8a7e-2f1d3c4b5a69',
    hasDiskEncryptionSettings: false,
    completionPercent: null,
    securityType: null,
    secureVmSetId: null,
    tags: {},
    ...differences,
  };
}

/** A running VM with one managed disk, created in 2020. */
export function aVm(differences: Partial<Vm> = {}): Vm {
  return {
    id: vmId('vm-1'),
    region: 'westeurope',
    powerState: 'running',
    isHibernated: false,
    changedAtMs: null,
    provisioningState: 'Succeeded',
    failure: null,
    createdAtMs: Date.UTC(2020, 0, 1),
    diskIds: [diskId('data-1')],
    hasEphemeralOsDisk: false,
    hasUnmanagedDisk: false,
    hasDiskEncryptionExtension: false,
    size: 'Standard_D2s_v5',
    networkInterfaceIds: [`${GROUP}/providers/Microsoft.Network/networkInterfaces/vm-1-nic`],
    isSpot: false,
    dedicatedHostId: null,
    capacityReservationId: null,
    availabilitySetId: null,
    scaleSetId: null,
    proximityPlacementGroupId: null,
    zone: null,
    tags: {},
    ...differences,
  };
}

/** An enabled key that never expires. */
export function aKey(differences: Partial<Key> = {}): Key {
  return {
    url: KEY_URL,
    type: 'RSA',
    sizeBits: 3072,
    operations: ['encrypt', 'decrypt', 'sign', 'verify', 'wrapKey', 'unwrapKey'],
    enabled: true,
    expiresAtMs: null,
    notBeforeMs: null,
    ...differences,
  };
}

/** A disk encryption set that is ready, in the region and subscription of `aDisk()`. */
export function aDiskEncryptionSet(
  differences: Partial<DiskEncryptionSet> = {},
): DiskEncryptionSet {
  return {
    id: setId('des-weu'),
    region: 'westeurope',
    encryptionType: CUSTOMER_KEY,
    provisioningState: 'Succeeded',
    keyUrl: KEY_URL,
    identityType: 'SystemAssigned',
    principalIds: [PRINCIPAL],
    tenantId: TENANT,
    federatedClientId: null,
    vaultId: VAULT_ID,
    autoKeyRotationError: null,
    ...differences,
  };
}

/** A policy that enforces on all of `SUBSCRIPTION` and may switch VMs off. */
export function aPolicy(differences: Partial<ConversionPolicy> = {}): ConversionPolicy {
  return {
    ...DEFAULT_POLICY,
    mode: 'enforce',
    scope: [aScope(SUBSCRIPTION)],
    encryptionSets: [aRule(setId('des-weu'), { regions: ['westeurope'] })],
    mayDeallocate: true,
    ...differences,
  };
}

/** All of a subscription. */
export function aScope(subscriptionId: string, differences: Partial<ScopeEntry> = {}): ScopeEntry {
  return { subscriptionId, resourceGroups: null, regions: null, tags: {}, ...differences };
}

/** A rule that sends every disk onto a set. */
export function aRule(set: string, differences: Partial<SetRule> = {}): SetRule {
  return {
    set,
    regions: null,
    subscriptions: null,
    tags: {},
    encryptionType: null,
    ...differences,
  };
}

/** The rules that a map from region to set stands for. */
export function setsByRegion(sets: Readonly<Record<string, string>>): readonly SetRule[] {
  return Object.entries(sets).map(([region, set]) => aRule(set, { regions: [region] }));
}

/** Facts of a disk that can go onto its disk encryption set at once. */
export function someDiskFacts(differences: Partial<DiskFacts> = {}): DiskFacts {
  return {
    disk: aDisk(),
    vm: null,
    sharers: read([]),
    groupManagedBy: read(null),
    set: { id: setId('des-weu'), reading: read(aDiskEncryptionSet()) },
    key: { url: KEY_URL, reading: read(aKey()) },
    vault: { id: VAULT_ID, reading: read(aVault()) },
    keyRoles: read([aKeyRole()]),
    groupKeyRoles: null,
    policyRefusals: read([]),
    policyExemptions: read([]),
    subscription: read({ state: 'Enabled', tenantId: TENANT }),
    locks: read([]),
    rights: read([aPermission()]),
    incrementalSnapshots: read([]),
    restorePoints: read([]),
    ...differences,
  };
}

/** A vault that goes by roles and lets only Azure's own services in. */
export function aVault(differences: Partial<Vault> = {}): Vault {
  return {
    id: VAULT_ID,
    kind: 'vault',
    region: 'westeurope',
    tenantId: TENANT,
    softDelete: true,
    purgeProtection: true,
    reach: 'open',
    goesByRoles: true,
    accessPolicies: [],
    ...differences,
  };
}

/** Of the role that is made for disk encryption sets. */
export function aKeyRole(differences: Partial<KeyRole> = {}): KeyRole {
  const dataActions = ['read', 'wrap/action', 'unwrap/action'].map(
    (action) => `Microsoft.KeyVault/vaults/keys/${action}`,
  );
  const permissions = [aPermission({ actions: [], dataActions })];
  return { permissions, isConditional: false, ...differences };
}

/** Everything that is not data. */
export function aPermission(differences: Partial<Permission> = {}): Permission {
  return {
    actions: ['*'],
    notActions: [],
    dataActions: [],
    notDataActions: [],
    ...differences,
  };
}

/** Facts of a VM that nothing keeps from being switched off. */
export function someVmFacts(differences: Partial<VmFacts> = {}): VmFacts {
  return {
    locks: read([]),
    rights: read([aPermission()]),
    markRefusals: read([]),
    dynamicAddresses: read([]),
    sizes: read([{ name: 'Standard_D2s_v5', temporaryDiskMB: 0, restrictedIn: 'nowhere' }]),
    scheduledVmIds: read([]),
    scaleSet: read(null),
    replicated: read([]),
    backups: read([]),
    ...differences,
  };
}

export function read<T>(value: T): Reading<T> {
  return { status: 'read', value };
}

/** A reading that failed, as Azure refuses one. */
export function unreadable(
  message = 'The client has no authorization to read it.',
): Reading<never> {
  return { status: 'unreadable', code: 'AuthorizationFailed', message };
}
