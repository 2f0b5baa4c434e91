import type { DiskDescription, EstateDescription } from './estate/estate-description.ts';
import { brokenReferences } from './estate/estate-references.ts';
import { ESTATE } from './estate/estate-shape.ts';
import { plainMachines, specialMachines } from './estate/example-machines.ts';
import { mistakesIn } from './estate/shape.ts';

const SUBSCRIPTION = '5d4f6a0e-3c1b-4f7e-9a52-0c7e8b1d2f30';
const WEST = { location: 'westeurope' } as const;
const NORTH = { location: 'northeurope' } as const;
const AKS_GROUP = 'MC_rg-aks_aks-shop_westeurope';
const DATABRICKS_GROUP = 'databricks-rg-dbw-analytics-x7k2';

/**
 * Takes an estate from a file: as it is, or with all that is wrong in it, each with its JSON path.
 */
export function parseEstate(
  json: unknown,
): EstateDescription | { readonly errors: readonly string[] } {
  const errors = mistakesIn(json, ESTATE, '$');
  if (errors.length > 0) return { errors };
  // Its shape was just checked, field by field.
  const estate = json as EstateDescription;
  const broken = brokenReferences(estate);
  return broken.length > 0 ? { errors: broken } : estate;
}

/**
 * A subscription of a middling company: every kind of disk that treats a change of keys in its own
 * way is in it at least once.
 */
export function exampleEstate(): EstateDescription {
  return {
    subscriptionId: SUBSCRIPTION,
    resourceGroups: [
      { name: 'rg-keys', ...WEST },
      { name: 'rg-erp', ...WEST, tags: { owner: 'finance', environment: 'production' } },
      { name: 'rg-web', ...WEST, tags: { owner: 'shop', environment: 'production' } },
      { name: 'rg-data', ...NORTH, tags: { owner: 'analytics' } },
      { name: 'rg-ops', ...NORTH, tags: { owner: 'platform' } },
      { name: 'rg-dr', ...NORTH, tags: { owner: 'platform' } },
      {
        name: AKS_GROUP,
        ...WEST,
        managedBy: idOf('rg-aks', 'Microsoft.ContainerService/managedClusters/aks-shop'),
      },
      {
        name: DATABRICKS_GROUP,
        ...NORTH,
        managedBy: idOf('rg-data', 'Microsoft.Databricks/workspaces/dbw-analytics'),
      },
    ],
    vaults: [
      {
        name: 'kv-keyturn-weu',
        group: 'rg-keys',
        ...WEST,
        keys: [{ name: 'disks' }, { name: 'disks-double' }, { name: 'disks-legacy' }],
      },
      { name: 'kv-keyturn-neu', group: 'rg-keys', ...NORTH, keys: [{ name: 'disks' }] },
    ],
    encryptionSets: [
      { name: 'des-westeurope', group: 'rg-keys', ...WEST, key: 'kv-keyturn-weu/disks' },
      { name: 'des-northeurope', group: 'rg-keys', ...NORTH, key: 'kv-keyturn-neu/disks' },
      { name: 'des-legacy-weu', group: 'rg-keys', ...WEST, key: 'kv-keyturn-weu/disks-legacy' },
      {
        name: 'des-double-weu',
        group: 'rg-keys',
        ...WEST,
        key: 'kv-keyturn-weu/disks-double',
        encryptionType: 'EncryptionAtRestWithPlatformAndCustomerKeys',
      },
      {
        name: 'des-confidential-weu',
        group: 'rg-keys',
        ...WEST,
        key: 'kv-keyturn-weu/disks',
        encryptionType: 'ConfidentialVmEncryptedWithCustomerKey',
      },
    ],
    virtualMachines: [...plainMachines(), ...specialMachines()],
    disks: [...looseDisks(), ...foreignDisks()],
    snapshots: [
      { name: 'snap-vm-sql-01-data-1-20261101', group: 'rg-data', disk: 'vm-sql-01-data-1' },
      {
        name: 'snap-disk-archive-01',
        group: 'rg-data',
        disk: 'disk-archive-01',
        incremental: false,
      },
    ],
    restorePoints: [
      {
        name: 'AzureBackup_vm-fileserver-01_281474976',
        group: 'rg-ops',
        vm: 'vm-fileserver-01',
        points: ['AzureBackup_20261120_210512', 'AzureBackup_20261121_210447'],
      },
    ],
    locks: [
      {
        name: 'do-not-delete',
        scope: idOf('rg-erp', 'Microsoft.Compute/virtualMachines/vm-erp-01'),
        level: 'CanNotDelete',
      },
    ],
  };
}

/** Disks of no machine, and the one that two share. */
function looseDisks(): readonly DiskDescription[] {
  return [
    { name: 'disk-archive-01', group: 'rg-data', ...NORTH, sku: 'Standard_LRS', sizeGB: 1024 },
    { name: 'disk-archive-02', group: 'rg-data', ...NORTH, sku: 'StandardSSD_LRS', sizeGB: 512 },
    { name: 'disk-old-erp-os', group: 'rg-erp', ...WEST, os: 'Windows', fromImage: true },
    { name: 'disk-restore-test', group: 'rg-web', ...WEST, sizeGB: 64 },
    { name: 'disk-export-01', group: 'rg-data', ...NORTH, state: 'ActiveSAS' },
    { name: 'disk-upload-01', group: 'rg-ops', ...NORTH, state: 'ReadyToUpload', sizeGB: 32 },
    {
      name: 'disk-quorum-01',
      group: 'rg-data',
      ...NORTH,
      maxShares: 2,
      attachedTo: ['vm-cluster-01', 'vm-cluster-02'],
    },
  ];
}

/** Disks that belong to a service, which alone may change them. */
function foreignDisks(): readonly DiskDescription[] {
  const scaleSet = (group: string, name: string, instance: number) =>
    idOf(group, `Microsoft.Compute/virtualMachineScaleSets/${name}/virtualMachines/${instance}`);
  const pool = 'aks-nodepool1-31415926-vmss';
  return [
    {
      name: 'vmss-batch_vmss-batch_0_OsDisk_1_4f7a',
      group: 'rg-web',
      ...WEST,
      os: 'Linux',
      fromImage: true,
      managedBy: scaleSet('rg-web', 'vmss-batch', 0),
    },
    ...[0, 1].map((instance) => ({
      name: `${pool}_${instance}_OsDisk_1_9c1e`,
      group: AKS_GROUP,
      ...WEST,
      os: 'Linux' as const,
      fromImage: true,
      managedBy: scaleSet(AKS_GROUP, pool, instance),
      tags: { 'aks-managed-poolName': 'nodepool1' },
    })),
    {
      name: 'pvc-0b9b2f1c-66a1-4f0e-9a5b-2c3d4e5f6071',
      group: AKS_GROUP,
      ...WEST,
      managedBy: scaleSet(AKS_GROUP, pool, 0),
      tags: {
        'kubernetes.io-created-for-pvc-name': 'orders-db',
        'kubernetes.io-created-for-pvc-namespace': 'shop',
      },
    },
    { name: 'databricks-worker-osdisk-1', group: DATABRICKS_GROUP, ...NORTH, os: 'Linux' },
    { name: 'vm-erp-01_OsDisk-ASRReplica', group: 'rg-dr', ...NORTH, os: 'Windows' },
    { name: 'asrseeddisk-vm-erp-01-5f2d', group: 'rg-dr', ...NORTH },
  ];
}

function idOf(group: string, tail: string): string {
  return `/subscriptions/${SUBSCRIPTION}/resourceGroups/${group}/providers/${tail}`;
}
