import { USES_OF_KEYS } from '../keyvault/key-operations.ts';
import { SUBSCRIPTION_STATES } from '../resources/inventory.ts';
import { GOVERNANCE } from './governance-shape.ts';
import { type Fields, list, type Shape } from './shape.ts';

const WITHIN = { 'group?': 'text', 'subscription?': 'text' } as const satisfies Fields;
const PLACE = { ...WITHIN, 'location?': 'text' } as const satisfies Fields;
const OS: Shape = { oneOf: ['Linux', 'Windows'] };
const STATES = [
  'Unattached',
  'Attached',
  'Reserved',
  'Frozen',
  'ActiveSAS',
  'ActiveSASFrozen',
  'ReadyToUpload',
  'ActiveUpload',
];

const KEY: Fields = {
  name: 'text',
  'kty?': 'text',
  'sizeBits?': 'number',
  'enabled?': 'flag',
  'operations?': { listOf: { oneOf: USES_OF_KEYS } },
  'expiresInDays?': { orNull: 'number' },
  'deleted?': 'flag',
};

const DISK: Fields = {
  name: 'text',
  ...PLACE,
  'zones?': 'texts',
  'sku?': 'text',
  'sizeGB?': 'number',
  'os?': OS,
  'tags?': 'tags',
  'encryptionSet?': 'text',
  'state?': { oneOf: STATES },
  'managedBy?': 'text',
  'maxShares?': 'number',
  'fromImage?': 'flag',
  'ade?': { oneOf: ['now', 'before'] },
  'confidential?': { fields: { securityType: 'text', 'encryptionSet?': 'text' } },
  'completionPercent?': 'number',
  'attachedTo?': 'texts',
};

const { name: _, ...UNNAMED } = DISK;
const DISK_OF_VM: Shape = { fields: { 'name?': 'text', ...UNNAMED } };

const VM: Fields = {
  name: 'text',
  ...PLACE,
  'zones?': 'texts',
  'os?': OS,
  'size?': 'text',
  'power?': { oneOf: ['running', 'stopped', 'deallocated', 'hibernated'] },
  'tags?': 'tags',
  'osDisk?': { either: [{ oneOf: ['ephemeral'] }, DISK_OF_VM] },
  'dataDisks?': { either: ['number', { listOf: DISK_OF_VM }] },
  'availabilitySet?': 'text',
  'scaleSet?': 'text',
  'proximityPlacementGroup?': 'text',
  'publicIp?': { oneOf: ['static', 'dynamic'] },
  'spot?': { oneOf: ['Deallocate', 'Delete'] },
  'dedicatedHost?': 'text',
  'capacityReservation?': 'text',
  'autoShutdown?': 'text',
  'encryptionAtHost?': 'flag',
  'securityType?': 'text',
  'adeExtension?': 'flag',
  'ageDays?': 'number',
};

/** The whole of an `EstateDescription`, field by field. */
export const ESTATE: Shape = {
  fields: {
    subscriptionId: 'text',
    ...GOVERNANCE,
    'subscriptions?': list({
      id: 'text',
      name: 'text',
      'state?': { oneOf: SUBSCRIPTION_STATES },
    }),
    'tenantId?': 'text',
    'expiredKeyStopsMachines?': 'flag',
    'resourceGroups?': list({
      name: 'text',
      'subscription?': 'text',
      'location?': 'text',
      'managedBy?': 'text',
      'tags?': 'tags',
    }),
    'vaults?': list({
      name: 'text',
      ...PLACE,
      'kind?': { oneOf: ['vault', 'hsm'] },
      'sku?': { oneOf: ['standard', 'premium'] },
      'rbac?': 'flag',
      'tenantId?': 'text',
      'purgeProtection?': 'flag',
      'retentionDays?': 'number',
      'firewall?': { oneOf: ['none', 'trusted-services', 'closed'] },
      'keys?': list(KEY),
    }),
    'encryptionSets?': list({
      name: 'text',
      ...PLACE,
      'key?': 'text',
      'encryptionType?': 'text',
      'identity?': { oneOf: ['SystemAssigned', 'UserAssigned'] },
      'tenantId?': 'text',
      'autoRotation?': 'flag',
      'accessGranted?': 'flag',
    }),
    'storageAccounts?': list({
      name: 'text',
      ...PLACE,
      'sku?': 'text',
      'tables?': 'texts',
    }),
    'endpoints?': 'tags',
    'virtualMachines?': list(VM),
    'disks?': list(DISK),
    'snapshots?': list({
      name: 'text',
      ...WITHIN,
      disk: 'text',
      'incremental?': 'flag',
      'completionPercent?': 'number',
    }),
    'restorePoints?': list({ name: 'text', ...WITHIN, vm: 'text', points: 'texts' }),
    'scaleSets?': list({
      name: 'text',
      ...PLACE,
      'mode?': { oneOf: ['Uniform', 'Flexible'] },
      'size?': 'text',
      'os?': OS,
      'encryptionSet?': 'text',
      'instances?': 'number',
    }),
    'recoveryVaults?': list({
      name: 'text',
      ...PLACE,
      'jobs?': list({
        vm: 'text',
        'status?': { oneOf: ['InProgress', 'Completed', 'Failed'] },
        'operation?': { oneOf: ['Backup', 'Restore', 'ConfigureBackup'] },
      }),
      'replicated?': list({ vm: 'text', 'copyIn?': 'text' }),
    }),
    'restrictedSizes?': list({
      size: 'text',
      'location?': 'text',
      'zones?': 'texts',
      reason: { oneOf: ['subscription', 'retired', 'capacity'] },
    }),
    'roles?': list({
      name: 'text',
      actions: 'texts',
      'notActions?': 'texts',
      'dataActions?': 'texts',
    }),
    'roleAssignments?': list({ principal: 'text', role: 'text', 'scope?': 'text' }),
    'locks?': list({ name: 'text', scope: 'text', level: { oneOf: ['CanNotDelete', 'ReadOnly'] } }),
  },
};
