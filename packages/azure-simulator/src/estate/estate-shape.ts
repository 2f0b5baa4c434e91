import { isObject } from '../resources/json.ts';
import { GOVERNANCE } from './governance-shape.ts';

/** What may stand at a place of an estate. `?` in a field's name: it may be missing. */
export type Shape =
  | 'text'
  | 'number'
  | 'flag'
  | 'texts'
  | 'tags'
  | 'json'
  | { readonly oneOf: readonly (string | number)[] }
  | { readonly fields: Fields }
  | { readonly listOf: Shape }
  | { readonly either: readonly Shape[] }
  | { readonly orNull: Shape };

export type Fields = Readonly<Record<string, Shape>>;

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
    'subscriptions?': list({ id: 'text', name: 'text' }),
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

function list(fields: Fields): Shape {
  return { listOf: { fields } };
}

/** Every difference between a value and a shape, each with its JSON path. */
export function mistakesIn(value: unknown, shape: Shape, path: string): readonly string[] {
  if (typeof shape === 'string') return simple(value, shape, path);
  if ('oneOf' in shape) {
    if (shape.oneOf.some((it) => it === value)) return [];
    return [`${path}: expected one of ${shape.oneOf.join(', ')}`];
  }
  if ('orNull' in shape) return value === null ? [] : mistakesIn(value, shape.orNull, path);
  if ('either' in shape) {
    const readings = shape.either.map((it) => mistakesIn(value, it, path));
    // The reading that gets furthest into the value tells most about the mistake.
    return readings.reduce((best, it) => (fitsBetter(it, best) ? it : best));
  }
  if ('listOf' in shape) {
    if (!Array.isArray(value)) return [`${path}: expected a list`];
    return value.flatMap((it, index) => mistakesIn(it, shape.listOf, `${path}[${index}]`));
  }
  return inFields(value, shape.fields, path);
}

function inFields(value: unknown, fields: Fields, path: string): readonly string[] {
  if (!isObject(value)) return [`${path}: expected an object`];
  const known = Object.entries(fields).map(([key, shape]) => {
    return { name: key.replace('?', ''), optional: key.endsWith('?'), shape };
  });
  const names = new Set(known.map(({ name }) => name));
  return [
    ...known.flatMap(({ name, optional, shape }) => {
      if (value[name] !== undefined) return mistakesIn(value[name], shape, `${path}.${name}`);
      return optional ? [] : [`${path}.${name}: is missing`];
    }),
    ...Object.keys(value)
      .filter((name) => !names.has(name))
      .map((name) => `${path}.${name}: is not known`),
  ];
}

function simple(value: unknown, shape: string, path: string): readonly string[] {
  const isText = (it: unknown) => typeof it === 'string' && it !== '';
  const checks: Readonly<Record<string, readonly [boolean, string]>> = {
    text: [isText(value), 'a text'],
    json: [isObject(value), 'an object'],
    number: [typeof value === 'number', 'a number'],
    flag: [typeof value === 'boolean', 'true or false'],
    texts: [Array.isArray(value) && value.every(isText), 'a list of texts'],
    tags: [
      isObject(value) && Object.values(value).every((it) => typeof it === 'string'),
      'an object of texts',
    ],
  };
  const [fits, what] = checks[shape] ?? [false, shape];
  return fits ? [] : [`${path}: expected ${what}`];
}

function fitsBetter(a: readonly string[], b: readonly string[]): boolean {
  if (a.length === 0 || b.length === 0) return a.length < b.length;
  return depth(a) > depth(b);
}

/** How far into the value the first mistake lies. */
function depth([first = '']: readonly string[]): number {
  return (first.split(':')[0] ?? '').split(/[.[]/).length;
}
