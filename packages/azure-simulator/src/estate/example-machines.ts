import type { VmDescription } from './estate-description.ts';

const WEST = { location: 'westeurope' } as const;
const NORTH = { location: 'northeurope' } as const;

/** Machines that can simply be switched off, converted and started again. */
export function plainMachines(): readonly VmDescription[] {
  return [
    {
      name: 'vm-erp-01',
      group: 'rg-erp',
      ...WEST,
      os: 'Windows',
      size: 'Standard_E8s_v3',
      dataDisks: 4,
    },
    {
      name: 'vm-erp-02',
      group: 'rg-erp',
      ...WEST,
      os: 'Windows',
      size: 'Standard_E8s_v3',
      dataDisks: 3,
    },
    { name: 'vm-erp-db-01', group: 'rg-erp', ...WEST, size: 'Standard_E16s_v3', dataDisks: 5 },
    { name: 'vm-erp-app-01', group: 'rg-erp', ...WEST, dataDisks: 1 },
    { name: 'vm-erp-app-02', group: 'rg-erp', ...WEST, dataDisks: 1 },
    { name: 'vm-web-01', group: 'rg-web', ...WEST, zones: ['1'], tags: { role: 'frontend' } },
    { name: 'vm-web-02', group: 'rg-web', ...WEST, zones: ['2'], tags: { role: 'frontend' } },
    { name: 'vm-web-03', group: 'rg-web', ...WEST, zones: ['3'], tags: { role: 'frontend' } },
    { name: 'vm-cache-01', group: 'rg-web', ...WEST, dataDisks: 1 },
    { name: 'vm-etl-01', group: 'rg-data', ...NORTH, dataDisks: 2 },
    { name: 'vm-etl-02', group: 'rg-data', ...NORTH, dataDisks: 2 },
    { name: 'vm-report-01', group: 'rg-data', ...NORTH, os: 'Windows', dataDisks: 1 },
    {
      name: 'vm-jump-01',
      group: 'rg-ops',
      ...NORTH,
      os: 'Windows',
      size: 'Standard_B2ms',
      publicIp: 'static',
    },
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
export function specialMachines(): readonly VmDescription[] {
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
