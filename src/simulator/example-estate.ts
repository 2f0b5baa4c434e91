import type {
  DiskDescription,
  EstateDescription,
  VmDescription,
} from './estate/estate-description.ts';

const SUBSCRIPTION = '5d4f6a0e-3c1b-4f7e-9a52-0c7e8b1d2f30';
const WEST = { location: 'westeurope' } as const;
const NORTH = { location: 'northeurope' } as const;
const AKS_GROUP = 'MC_rg-aks_aks-shop_westeurope';
const DATABRICKS_GROUP = 'databricks-rg-dbw-analytics-x7k2';

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

/** Machines that can simply be switched off, converted and started again. */
function plainMachines(): readonly VmDescription[] {
  return [
    {
      name: 'vm-erp-01',
      group: 'rg-erp',
      ...WEST,
      os: 'Windows',
      size: 'Standard_E8s_v5',
      dataDisks: 4,
    },
    {
      name: 'vm-erp-02',
      group: 'rg-erp',
      ...WEST,
      os: 'Windows',
      size: 'Standard_E8s_v5',
      dataDisks: 3,
    },
    { name: 'vm-erp-db-01', group: 'rg-erp', ...WEST, size: 'Standard_E16s_v5', dataDisks: 5 },
    { name: 'vm-erp-app-01', group: 'rg-erp', ...WEST, dataDisks: 1 },
    { name: 'vm-erp-app-02', group: 'rg-erp', ...WEST, dataDisks: 1 },
    { name: 'vm-web-01', group: 'rg-web', ...WEST, zones: ['1'], tags: { role: 'frontend' } },
    { name: 'vm-web-02', group: 'rg-web', ...WEST, zones: ['2'], tags: { role: 'frontend' } },
    { name: 'vm-web-03', group: 'rg-web', ...WEST, zones: ['3'], tags: { role: 'frontend' } },
    { name: 'vm-cache-01', group: 'rg-web', ...WEST, dataDisks: 1 },
    { name: 'vm-etl-01', group: 'rg-data', ...NORTH, dataDisks: 2 },
    { name: 'vm-etl-02', group: 'rg-data', ...NORTH, dataDisks: 2 },
    { name: 'vm-report-01', group: 'rg-data', ...NORTH, os: 'Windows', dataDisks: 1 },
    { name: 'vm-jump-01', group: 'rg-ops', ...NORTH, os: 'Windows', size: 'Standard_B2ms' },
    { name: 'vm-monitor-01', group: 'rg-ops', ...NORTH, dataDisks: 1 },
    { name: 'vm-build-01', group: 'rg-ops', ...NORTH, power: 'deallocated', dataDisks: 1 },
    { name: 'vm-build-02', group: 'rg-ops', ...NORTH, power: 'deallocated' },
    // Shut down from inside: still attached, still paid for.
    {
      name: 'vm-legacy-01',
      group: 'rg-ops',
      ...NORTH,
      os: 'Windows',
      power: 'stopped',
      dataDisks: 1,
    },
  ];
}

/** Machines with something about them that a planner has to know. */
function specialMachines(): readonly VmDescription[] {
  const onLegacySet = { encryptionSet: 'des-legacy-weu' };
  const done = { encryptionSet: 'des-westeurope' };
  return [
    { name: 'vm-cluster-01', group: 'rg-data', ...NORTH, os: 'Windows' },
    { name: 'vm-cluster-02', group: 'rg-data', ...NORTH, os: 'Windows' },
    { name: 'vm-render-01', group: 'rg-web', ...WEST, osDisk: 'ephemeral' },
    { name: 'vm-shop-flex_0', group: 'rg-web', ...WEST, scaleSet: 'vmss-shop-flex', dataDisks: 1 },
    { name: 'vm-ha-01', group: 'rg-erp', ...WEST, availabilitySet: 'avail-erp', dataDisks: 1 },
    { name: 'vm-ha-02', group: 'rg-erp', ...WEST, availabilitySet: 'avail-erp', dataDisks: 1 },
    { name: 'vm-payroll-01', group: 'rg-erp', ...WEST, encryptionAtHost: true, dataDisks: 1 },
    {
      name: 'vm-vault-01',
      group: 'rg-ops',
      ...NORTH,
      os: 'Windows',
      adeExtension: true,
      osDisk: { ade: 'now' },
    },
    { name: 'vm-once-ade-01', group: 'rg-ops', ...NORTH, osDisk: { ade: 'before' } },
    { name: 'vm-sql-01', group: 'rg-data', ...NORTH, os: 'Windows', dataDisks: 2 },
    { name: 'vm-fileserver-01', group: 'rg-ops', ...NORTH, os: 'Windows', dataDisks: 1 },
    {
      name: 'vm-trading-01',
      group: 'rg-erp',
      ...WEST,
      zones: ['1'],
      dataDisks: [{ sku: 'PremiumV2_LRS' }, { sku: 'UltraSSD_LRS' }],
    },
    {
      name: 'vm-secrets-01',
      group: 'rg-erp',
      ...WEST,
      size: 'Standard_DC4as_v5',
      securityType: 'ConfidentialVM',
      osDisk: {
        confidential: {
          securityType: 'ConfidentialVM_DiskEncryptedWithCustomerKey',
          encryptionSet: 'des-confidential-weu',
        },
      },
    },
    { name: 'vm-crm-01', group: 'rg-web', ...WEST, osDisk: done, dataDisks: [done, done] },
    { name: 'vm-crm-02', group: 'rg-web', ...WEST, osDisk: done, dataDisks: 1 },
    { name: 'vm-mail-01', group: 'rg-web', ...WEST, osDisk: onLegacySet, dataDisks: [onLegacySet] },
    {
      name: 'vm-hr-01',
      group: 'rg-erp',
      ...WEST,
      osDisk: { encryptionSet: 'des-double-weu' },
      dataDisks: [{ encryptionSet: 'des-double-weu' }],
    },
    { name: 'vm-design-01', group: 'rg-ops', ...NORTH, os: 'Windows', power: 'hibernated' },
  ];
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
