import { expect, test } from 'vitest';
import type { Answer, Azure } from '../../src/azure/azure.ts';
import {
  aDisk,
  aDiskEncryptionSet,
  aVm,
  DOUBLE_KEY,
  diskId,
  GROUP,
  KEY_URL,
  PRINCIPAL,
  setId,
  VAULT_ID,
  vmId,
} from '../support/builders.ts';
import { anAzure } from './an-azure.ts';

const compute = (type: string, name: string) =>
  `${GROUP}/providers/Microsoft.Compute/${type}/${name}`;
const NIC = `${GROUP}/providers/Microsoft.Network/networkInterfaces/nic`;
const SUBSCRIPTION_ID = GROUP.split('/resourceGroups')[0] ?? '';

const DRESSED_VM = {
  location: 'northeurope',
  zones: ['2', '3'],
  tags: { env: 'prod' },
  resources: [
    { properties: { publisher: 'Microsoft.Azure.Monitor', type: 'AzureMonitorLinuxAgent' } },
    { properties: { publisher: 'Microsoft.Azure.Security', type: 'AzureDiskEncryptionForLinux' } },
  ],
  properties: {
    timeCreated: '2024-05-06T07:08:09Z',
    provisioningState: 'Failed',
    priority: 'Spot',
    hardwareProfile: { vmSize: 'Standard_E8bds_v5' },
    storageProfile: {
      osDisk: { managedDisk: { id: diskId('os') } },
      dataDisks: [
        { managedDisk: { id: diskId('data') } },
        { vhd: { uri: 'https://s.blob.core.windows.net/v.vhd' } },
      ],
    },
    networkProfile: { networkInterfaces: [{ id: NIC }, { properties: { primary: false } }] },
    host: { id: compute('hostGroups', 'hg/hosts/h') },
    hostGroup: { id: compute('hostGroups', 'hg') },
    capacityReservation: {
      capacityReservationGroup: { id: compute('capacityReservationGroups', 'crg') },
    },
    availabilitySet: { id: compute('availabilitySets', 'as') },
    instanceView: {
      statuses: [
        { code: 'ProvisioningState/updating', message: 'Updating.' },
        { code: 'ProvisioningState/failed/AllocationFailed', message: 'No room.' },
        { code: 'PowerState/deallocated' },
        { code: 'HibernationState/Hibernated' },
      ],
    },
  },
};

const DRESSED_DISK = {
  location: 'northeurope',
  sku: { name: 'PremiumV2_LRS' },
  tags: { env: 'prod' },
  managedBy: vmId('vm-1'),
  managedByExtended: [vmId('vm-1'), vmId('vm-2')],
  properties: {
    encryption: { type: DOUBLE_KEY, diskEncryptionSetId: setId('des') },
    diskState: 'Reserved',
    provisioningState: 'Updating',
    maxShares: 2,
    uniqueId: 'u-1',
    encryptionSettingsCollection: { enabled: false },
    completionPercent: 42,
    securityProfile: {
      securityType: 'ConfidentialVM_DiskEncryptedWithCustomerKey',
      secureVMDiskEncryptionSetId: setId('secure'),
    },
  },
};

const DRESSED_SET = {
  location: 'northeurope',
  identity: {
    type: 'SystemAssigned, UserAssigned',
    principalId: PRINCIPAL,
    tenantId: 'a-directory',
    userAssignedIdentities: { one: { principalId: 'p-1' }, nameless: {} },
  },
  properties: {
    encryptionType: DOUBLE_KEY,
    provisioningState: 'Failed',
    federatedClientId: 'an-app',
    activeKey: { keyUrl: KEY_URL, sourceVault: { id: VAULT_ID } },
    autoKeyRotationError: { code: 'KeyNotFound', message: 'It is gone.' },
  },
};

const DRESSED_VAULT = {
  location: 'northeurope',
  properties: {
    enableSoftDelete: false,
    enablePurgeProtection: true,
    enableRbacAuthorization: true,
    publicNetworkAccess: 'Disabled',
    networkAcls: { bypass: 'None', defaultAction: 'Allow' },
    tenantId: 'a-directory',
    accessPolicies: [
      {
        tenantId: 'another',
        objectId: PRINCIPAL,
        applicationId: 'an-app',
        permissions: { keys: ['Get', 'WrapKey'] },
      },
      { applicationId: null },
    ],
  },
};

const BARE = { location: 'westeurope', properties: {} };
const HSM_ID = `${GROUP}/providers/Microsoft.KeyVault/managedHSMs/hsm`;

type Read = (azure: Azure) => Promise<Answer<unknown>>;
const readVm: Read = (azure) => azure.readVm(vmId('vm-1'));
const readDisk: Read = (azure) => azure.readDisk(diskId('data-1'));
const readSet: Read = (azure) => azure.readDiskEncryptionSet(setId('des-weu'));
const readVault: Read = (azure) => azure.readVault(VAULT_ID);

test.for<[what: string, read: Read, body: object, expected: object]>([
  [
    'a VM',
    readVm,
    DRESSED_VM,
    aVm({
      region: 'northeurope',
      powerState: 'deallocated',
      isHibernated: true,
      provisioningState: 'Failed',
      failure: { code: 'AllocationFailed', message: 'No room.' },
      createdAtMs: Date.UTC(2024, 4, 6, 7, 8, 9),
      diskIds: [diskId('os'), diskId('data')],
      hasUnmanagedDisk: true,
      hasDiskEncryptionExtension: true,
      size: 'Standard_E8bds_v5',
      networkInterfaceIds: [NIC],
      isSpot: true,
      dedicatedHostId: compute('hostGroups', 'hg/hosts/h'),
      capacityReservationId: compute('capacityReservationGroups', 'crg'),
      availabilitySetId: compute('availabilitySets', 'as'),
      zone: '2',
      tags: { env: 'prod' },
    }),
  ],
  [
    'a VM of which Azure says nothing',
    readVm,
    BARE,
    aVm({
      powerState: 'unknown',
      provisioningState: 'Unknown',
      createdAtMs: null,
      diskIds: [],
      size: '',
      networkInterfaceIds: [],
    }),
  ],
  [
    'a disk',
    readDisk,
    DRESSED_DISK,
    aDisk({
      region: 'northeurope',
      encryptionType: DOUBLE_KEY,
      diskEncryptionSetId: setId('des'),
      diskState: 'Reserved',
      provisioningState: 'Updating',
      managedBy: vmId('vm-1'),
      sharers: [vmId('vm-1'), vmId('vm-2')],
      maxShares: 2,
      sku: 'PremiumV2_LRS',
      uniqueId: 'u-1',
      hasDiskEncryptionSettings: true,
      completionPercent: 42,
      securityType: 'ConfidentialVM_DiskEncryptedWithCustomerKey',
      secureVmSetId: setId('secure'),
      tags: { env: 'prod' },
    }),
  ],
  [
    'a disk of which Azure says nothing',
    readDisk,
    BARE,
    aDisk({ diskState: 'Unknown', sku: '', uniqueId: null }),
  ],
  [
    'a disk encryption set',
    readSet,
    DRESSED_SET,
    aDiskEncryptionSet({
      region: 'northeurope',
      encryptionType: DOUBLE_KEY,
      provisioningState: 'Failed',
      identityType: 'SystemAssigned, UserAssigned',
      principalIds: [PRINCIPAL, 'p-1'],
      tenantId: 'a-directory',
      federatedClientId: 'an-app',
      autoKeyRotationError: { code: 'KeyNotFound', message: 'It is gone.' },
    }),
  ],
  [
    'a disk encryption set of which Azure says nothing',
    readSet,
    BARE,
    aDiskEncryptionSet({
      keyUrl: null,
      identityType: null,
      principalIds: [],
      tenantId: null,
      vaultId: null,
    }),
  ],
  [
    'a vault',
    readVault,
    DRESSED_VAULT,
    {
      id: VAULT_ID,
      kind: 'vault',
      region: 'northeurope',
      tenantId: 'a-directory',
      softDelete: false,
      purgeProtection: true,
      reach: 'closed',
      goesByRoles: true,
      accessPolicies: [
        {
          tenantId: 'another',
          objectId: PRINCIPAL,
          isForApplication: true,
          keys: ['get', 'wrapkey'],
        },
        { tenantId: null, objectId: '', isForApplication: false, keys: [] },
      ],
    },
  ],
  [
    'a vault of which Azure says nothing',
    readVault,
    BARE,
    {
      id: VAULT_ID,
      kind: 'vault',
      region: 'westeurope',
      tenantId: null,
      softDelete: null,
      purgeProtection: false,
      reach: 'open',
      goesByRoles: false,
      accessPolicies: [],
    },
  ],
  [
    'a managed HSM',
    (azure) => azure.readVault(HSM_ID),
    {
      location: 'westeurope',
      properties: { enableSoftDelete: false, enableRbacAuthorization: true },
    },
    {
      id: HSM_ID,
      kind: 'hsm',
      region: 'westeurope',
      tenantId: null,
      softDelete: true,
      purgeProtection: false,
      reach: 'open',
      goesByRoles: false,
      accessPolicies: [],
    },
  ],
])('reads every field of %s', async ([, read, body, expected]) => {
  const { azure } = anAzure(() => ({ body }));

  expect(await read(azure)).toEqual({ status: 'ok', value: expected });
});

test.for<[what: string, properties: object, expected: object]>([
  ['the old name of Spot', { priority: 'Low' }, { isSpot: true }],
  ['the usual priority', { priority: 'Regular' }, { isSpot: false }],
  [
    'a host that Azure chooses',
    { hostGroup: { id: compute('hostGroups', 'hg') } },
    { dedicatedHostId: compute('hostGroups', 'hg') },
  ],
  [
    'an OS disk on the network, of which the settings say so',
    {
      storageProfile: {
        osDisk: { diffDiskSettings: { option: 'Other' }, managedDisk: { id: diskId('os') } },
      },
    },
    { hasEphemeralOsDisk: false, diskIds: [diskId('os')] },
  ],
  [
    'settings of Azure Disk Encryption that are off',
    { storageProfile: { osDisk: { encryptionSettings: { enabled: false } } } },
    { hasDiskEncryptionExtension: false },
  ],
])('reads of a VM: %s', async ([, properties, expected]) => {
  const { azure } = anAzure(() => ({ body: { location: 'westeurope', properties } }));

  expect(await readVm(azure)).toMatchObject({ status: 'ok', value: expected });
});

test.for<[what: string, extension: object]>([
  ['of another publisher', { publisher: 'Contoso', type: 'AzureDiskEncryption' }],
  ['of another kind', { publisher: 'Microsoft.Azure.Security', type: 'IaaSAntimalware' }],
  [
    'of which the name only ends alike',
    { publisher: 'Microsoft.Azure.Security', type: 'NoAzureDiskEncryption' },
  ],
  ['without a type', { publisher: 'Microsoft.Azure.Security' }],
])('takes no extension for Azure Disk Encryption that is %s', async ([, properties]) => {
  const { azure } = anAzure(() => ({ body: { ...BARE, resources: [{ properties }] } }));

  expect(await readVm(azure)).toMatchObject({ value: { hasDiskEncryptionExtension: false } });
});

test('reads the restore points of this very VM', async () => {
  const point = (of: string, name: string) =>
    `${compute('restorePointCollections', of)}/restorePoints/${name}`;
  const { azure } = anAzure(({ pathname, searchParams }) => {
    const of = pathname.split('/').at(-1) ?? '';
    if (of !== 'restorePointCollections') {
      const restorePoints = ['p-1', 'p-2'].map((name) => ({ id: point(of, name) }));
      const isExpanded = searchParams.get('$expand') === 'restorePoints';
      return { body: { location: 'x', properties: isExpanded ? { restorePoints } : {} } };
    }
    const collection = (name: string, source: object) => ({
      id: compute('restorePointCollections', name),
      location: 'x',
      properties: source,
    });
    const value = [
      collection('mine', { source: { id: vmId('VM-1') } }),
      collection('of-another', { source: { id: vmId('vm-2') } }),
      collection('of-nothing', {}),
    ];
    return { body: { value } };
  });

  const answer = await azure.listRestorePoints(vmId('vm-1'));

  expect(answer).toEqual({ status: 'ok', value: [point('mine', 'p-1'), point('mine', 'p-2')] });
});

test('reads the state of a subscription and whose it is, once for all that ask', async () => {
  const { azure, requests } = anAzure(() => ({
    body: { id: SUBSCRIPTION_ID, state: 'Warned', tenantId: 'a-directory' },
  }));

  const id = SUBSCRIPTION_ID.slice('/subscriptions/'.length);
  const answers = await Promise.all([azure.readSubscription(id), azure.readSubscription(id)]);

  const value = { state: 'Warned', tenantId: 'a-directory' };
  expect(answers).toEqual([
    { status: 'ok', value },
    { status: 'ok', value },
  ]);
  expect(requests).toHaveLength(1);
});

test('a subscription that is not found, or shows no state, is not enabled', async () => {
  const error = { code: 'SubscriptionNotFound', message: 'It could not be found.' };
  const { azure } = anAzure(({ pathname }) =>
    pathname.endsWith('/gone') ? { status: 404, body: { error } } : { body: {} },
  );

  expect(await azure.readSubscription('gone')).toMatchObject({ status: 'refused', ...error });
  expect(await azure.readSubscription('odd')).toEqual({
    status: 'ok',
    value: { state: 'Unknown', tenantId: null },
  });
  // Nor is what is in it gone.
  const { azure: other } = anAzure(() => ({ status: 404, body: { error } }));
  expect(await other.readVm(vmId('vm-1'))).toMatchObject({ status: 'refused', ...error });
});

test('reads locks, with where they are and how strong they are', async () => {
  const at = (scope: string) => `${scope}/providers/Microsoft.Authorization/locks/stay`;
  const { azure } = anAzure(() => ({
    body: {
      value: [
        { id: at(SUBSCRIPTION_ID), properties: { level: 'CanNotDelete' } },
        { id: at(vmId('vm-1')), properties: { level: 'ReadOnly' } },
      ],
    },
  }));

  expect(await azure.listLocks(vmId('vm-1'))).toEqual({
    status: 'ok',
    value: [
      { name: 'stay', scope: SUBSCRIPTION_ID, level: 'CanNotDelete' },
      { name: 'stay', scope: vmId('vm-1'), level: 'ReadOnly' },
    ],
  });
});

test('reads permissions, those that are not there as none', async () => {
  const whole = {
    actions: ['Microsoft.Compute/*'],
    notActions: ['Microsoft.Compute/disks/delete'],
    dataActions: ['a'],
    notDataActions: ['b'],
  };
  const { azure } = anAzure(() => ({ body: { value: [whole, {}] } }));

  const none = { actions: [], notActions: [], dataActions: [], notDataActions: [] };
  expect(await azure.listPermissions(vmId('vm-1'))).toEqual({ status: 'ok', value: [whole, none] });
});
