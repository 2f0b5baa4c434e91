import { isObject } from '../resources/json.ts';

/** Properties of every resource. */
const COMMON = new Set(['name', 'type', 'location', 'id', 'kind', 'tags', 'identity.type']);

/** Aliases as they are named after their type, and where each lies in a body. */
const PROPERTIES: Readonly<Record<string, readonly string[]>> = {
  'Microsoft.Compute/disks': [
    'diskSizeGB',
    'encryption.diskEncryptionSetId',
    'encryption.type',
    'networkAccessPolicy',
    'osType',
    'publicNetworkAccess',
  ],
  'Microsoft.Compute/snapshots': [
    'encryption.diskEncryptionSetId',
    'encryption.type',
    'incremental',
    'networkAccessPolicy',
    'publicNetworkAccess',
  ],
  'Microsoft.Compute/diskEncryptionSets': [
    'activeKey.keyUrl',
    'encryptionType',
    'rotationToLatestKeyVersionEnabled',
  ],
  'Microsoft.Compute/virtualMachines': [
    'priority',
    'securityProfile.encryptionAtHost',
    'storageProfile.dataDisks[*].managedDisk.diskEncryptionSet.id',
    'storageProfile.dataDisks[*].managedDisk.id',
    'storageProfile.osDisk.managedDisk.diskEncryptionSet.id',
    'storageProfile.osDisk.managedDisk.id',
    'storageProfile.osDisk.osType',
  ],
};

/** Aliases whose place has another name, or lies outside of `properties`. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'Microsoft.Compute/disks/managedBy': 'managedBy',
  'Microsoft.Compute/disks/sku.name': 'sku.name',
  'Microsoft.Compute/snapshots/sku.name': 'sku.name',
  'Microsoft.Compute/virtualMachines/sku.name': 'properties.hardwareProfile.vmSize',
};

/** Source: the aliases of Microsoft.Compute that the built-in policies about disks use. */
const ALIASES = new Map<string, { readonly type: string; readonly path: string }>([
  ...Object.entries(PROPERTIES).flatMap(([type, names]) =>
    names.map((name) => aliasOf(type, name, `properties.${name}`)),
  ),
  ...Object.entries(ELSEWHERE).map(([alias, path]) => {
    const at = alias.lastIndexOf('/');
    return aliasOf(alias.slice(0, at), alias.slice(at + 1), path);
  }),
]);

const TAG = /^tags(?:\.(.+)|\['([^']+)'\]|\[([^'\]]+)\])$/i;

/** Where a field lies in a body; `null` for one that is not known. */
export function fieldPath(field: string): string | null {
  const tag = tagIn(field);
  if (tag !== null) return `tags.${tag}`;
  if (COMMON.has(field.toLowerCase())) return field.toLowerCase();
  return ALIASES.get(field.toLowerCase())?.path ?? null;
}

/**
 * What a body says at a field: one value, or one per element where the field goes through a list.
 * An alias of another type finds nothing.
 */
export function valuesAt(
  body: Readonly<Record<string, unknown>>,
  field: string,
): readonly unknown[] {
  const type = String(body['type'] ?? '').toLowerCase();
  const alias = ALIASES.get(field.toLowerCase());
  if (alias && alias.type !== type) return [undefined];
  const tag = tagIn(field);
  if (tag !== null) return [propertyOf(body['tags'], tag)];
  return walk(body, (fieldPath(field) ?? field).split('.'));
}

/** The tag that a field names, e.g. in `tags['owner']`; `null` for another field. */
export function tagIn(field: string): string | null {
  const [, plain, quoted, bracketed] = TAG.exec(field) ?? [];
  return plain ?? quoted ?? bracketed ?? null;
}

/** A body in which a field has another value, or none. */
export function withField(
  body: Readonly<Record<string, unknown>>,
  field: string,
  value: unknown,
): Readonly<Record<string, unknown>> {
  const tag = tagIn(field);
  const path = tag === null ? (fieldPath(field) ?? field).split('.') : ['tags', tag];
  return put(body, path, value);
}

function put(
  body: unknown,
  [name = '', ...rest]: readonly string[],
  value: unknown,
): Readonly<Record<string, unknown>> {
  const object = isObject(body) ? body : {};
  return { ...object, [name]: rest.length > 0 ? put(object[name], rest, value) : value };
}

function walk(value: unknown, [name, ...rest]: readonly string[]): readonly unknown[] {
  if (name === undefined) return [value];
  if (!name.endsWith('[*]')) return walk(propertyOf(value, name), rest);
  const list = propertyOf(value, name.slice(0, -3));
  return Array.isArray(list) ? list.flatMap((it) => walk(it, rest)) : [];
}

function propertyOf(value: unknown, name: string): unknown {
  if (!isObject(value)) return undefined;
  const key = Object.keys(value).find((it) => it.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : value[key];
}

function aliasOf(type: string, name: string, path: string) {
  return [`${type}/${name}`.toLowerCase(), { type: type.toLowerCase(), path }] as const;
}
