import type { DiskDescription } from '../src/estate/estate-description.ts';
import { groupOf, list, nameOf, object, pick, text } from './json.ts';
import { key, vault } from './rebuild-keys.ts';
import { Rebuilding } from './rebuilding.ts';
import type { Json, Sample } from './recorded.ts';

/** Makes the recorded resource again, and answers what a GET of it shows now. */
export async function rebuild(sample: Sample, recorded: Json): Promise<unknown> {
  const url = new URL(sample.request.slice('GET '.length));
  // One recording has no version.
  if (!url.searchParams.has('api-version')) url.searchParams.set('api-version', '2024-07-01');
  const again = new Rebuilding(url);
  const kind = kinds.find(([pattern]) => pattern.test(sample.file));
  if (!kind) throw new Error(`nothing rebuilds ${sample.file}`);
  await kind[1](again, recorded);
  const body = await again.get();
  return sample.item_of_list ? listed(body, text(recorded, 'name')) : body;
}

type Make = (again: Rebuilding, recorded: Json) => Promise<void> | void;

const kinds: readonly (readonly [RegExp, Make])[] = [
  [/^disk-(os|data)-(attached|reserved)/, attachedDisk],
  [/^disk-/, looseDisk],
  [/^snapshot-/, snapshot],
  [/^vm-/, machine],
  [/^des-associated/, usedSet],
  [/^des-/, encryptionSet],
  [/^vault-/, vault],
  [/^key/, key],
];

/** What a client may send of a disk. */
const WRITABLE = [
  'osType',
  'hyperVGeneration',
  'supportsHibernation',
  'supportedCapabilities',
  'creationData',
  'diskSizeGB',
  'encryption',
  'encryptionSettingsCollection',
  'burstingEnabled',
  'maxShares',
  'diskAccessId',
  'networkAccessPolicy',
  'securityProfile',
  'dataAccessAuthMode',
  'incremental',
];

async function looseDisk(again: Rebuilding, recorded: Json): Promise<void> {
  const id = text(recorded, 'id');
  const properties = object(recorded, 'properties');
  addSetsIn(again, properties, text(recorded, 'location'));
  again.addGroup(id);
  await again.write(id, request(recorded));
  if (properties['diskState'] === 'ActiveSAS') {
    await again.write(`${id}/beginGetAccess`, { access: 'Read', durationInSeconds: 60 }, 'POST');
  }
}

function attachedDisk(again: Rebuilding, recorded: Json): void {
  const properties = object(recorded, 'properties');
  const owner = text(recorded, 'managedBy');
  const isOs = 'osType' in properties;
  const disk: DiskDescription = describe(recorded);
  const tags = recorded['tags'] ? { tags: object(recorded, 'tags') as Record<string, string> } : {};
  again.simulator.estate.addVm({
    name: nameOf(owner),
    group: groupOf(owner),
    location: text(recorded, 'location'),
    power: properties['diskState'] === 'Reserved' ? 'deallocated' : 'running',
    ...(isOs ? { osDisk: { ...disk, ...tags } } : { dataDisks: [{ ...disk, ...tags }] }),
  });
}

async function snapshot(again: Rebuilding, recorded: Json): Promise<void> {
  const id = text(recorded, 'id');
  const properties = object(recorded, 'properties');
  const location = text(recorded, 'location');
  addSetsIn(again, properties, location);
  const source = text(object(properties, 'creationData'), 'sourceResourceId');
  again.addGroup(id);
  again.addGroup(source);
  const disk = request(recorded);
  const { encryption: _, incremental: __, ...plain } = object(disk, 'properties');
  const creationData = { createOption: 'Empty' };
  const diskId = source.replace('/snapshots/', '/disks/');
  await again.write(diskId, { ...disk, properties: { ...plain, creationData } });
  if (diskId !== source) {
    const copy = { createOption: 'Copy', sourceResourceId: diskId };
    await again.write(source, { location, properties: { incremental: true, creationData: copy } });
  }
  await again.write(id, request(recorded));
}

function machine(again: Rebuilding, recorded: Json): void {
  const id = again.url.pathname.replace(/\/instanceView$/, '');
  const properties = object(recorded, 'properties');
  const profile = object(properties, 'storageProfile');
  const osDisk = object(profile, 'osDisk');
  const security = object(properties, 'securityProfile');
  const location = text(recorded, 'location') || 'westeurope';
  const dataDisks = list(profile, 'dataDisks');
  const sets = [osDisk, ...dataDisks].map((disk) => text(setOf(disk), 'id')).filter(Boolean);
  for (const set of new Set(sets)) again.addSet(set, location);
  const power = powerOf(properties);
  const availabilitySet = text(object(properties, 'availabilitySet'), 'id');
  const isConfidential = security['securityType'] === 'ConfidentialVM';
  again.simulator.estate.addVm({
    name: nameOf(id),
    group: groupOf(id),
    location,
    os: osDisk['osType'] === 'Windows' ? 'Windows' : 'Linux',
    power: power === 'starting' ? 'deallocated' : power,
    ...(recorded['tags'] ? { tags: object(recorded, 'tags') as Record<string, string> } : {}),
    ...(availabilitySet ? { availabilitySet: nameOf(availabilitySet) } : {}),
    ...(Array.isArray(recorded['resources']) ? { adeExtension: true } : {}),
    ...(security['encryptionAtHost'] ? { encryptionAtHost: true } : {}),
    ...(security['securityType'] ? { securityType: text(security, 'securityType') } : {}),
    osDisk: {
      ...describe({ ...osDisk, properties: osDisk }),
      ...(JSON.stringify(properties).includes('encryptionSettings') ? { ade: 'now' } : {}),
      ...(isConfidential
        ? { confidential: { securityType: 'ConfidentialVM_DiskEncryptedWithPlatformKey' } }
        : {}),
    },
    dataDisks: dataDisks.map((disk) => describe({ ...disk, properties: disk })),
  });
  if (power === 'starting') void again.simulator.handle(startOf(again.url));
}

async function encryptionSet(again: Rebuilding, recorded: Json): Promise<void> {
  const id = text(recorded, 'id');
  const properties = object(recorded, 'properties');
  const identity = object(recorded, 'identity');
  const users = Object.keys(object(identity, 'userAssignedIdentities')).map((user) => [user, {}]);
  const body = {
    location: recorded['location'],
    ...('identity' in recorded
      ? {
          identity: {
            type: identity['type'],
            ...(users.length > 0 ? { userAssignedIdentities: Object.fromEntries(users) } : {}),
          },
        }
      : {}),
    properties: {
      ...pick(properties, [
        'activeKey',
        'encryptionType',
        'rotationToLatestKeyVersionEnabled',
        'federatedClientId',
      ]),
    },
  };
  again.addGroup(id);
  if (properties['lastKeyRotationTimestamp']) {
    const activeKey = { keyUrl: 'https://kv-old.vault.azure.net/keys/old/1' };
    await again.write(id, { ...body, properties: { ...body.properties, activeKey } });
  }
  await again.write(id, body);
}

/** A set and a disk that uses it; the recorded user is a snapshot, which is shown alike. */
function usedSet(again: Rebuilding): void {
  const id = again.url.pathname.replace(/\/associatedResources$/, '');
  again.addSet(id, 'westeurope');
  again.simulator.estate.addDisk({
    name: 'disk',
    group: groupOf(id),
    encryptionSet: nameOf(id),
  });
}

export function addSetsIn(again: Rebuilding, properties: Json, location: string): void {
  const encryption = object(properties, 'encryption');
  const id = text(encryption, 'diskEncryptionSetId');
  if (id) again.addSet(id, location, text(encryption, 'type'));
}

/** What a client sent to make the recorded resource. */
export function request(recorded: Json): Json {
  const { sku, location, tags, zones } = recorded;
  const properties = pick(object(recorded, 'properties'), WRITABLE);
  const { sourceUniqueId: _, ...creationData } = object(properties, 'creationData');
  return {
    location,
    ...(sku ? { sku: { name: object(recorded, 'sku')['name'] } } : {}),
    ...(tags ? { tags } : {}),
    ...(zones ? { zones } : {}),
    properties: { ...properties, creationData },
  };
}

function describe(recorded: Json): DiskDescription {
  const properties = object(recorded, 'properties');
  const set = text(setOf(recorded), 'id');
  const zones: unknown = recorded['zones'];
  return {
    name: text(recorded, 'name'),
    sku: text(object(recorded, 'sku'), 'name') || 'Premium_LRS',
    sizeGB: Number(properties['diskSizeGB'] ?? 30),
    ...(Array.isArray(zones) ? { zones: zones.map(String) } : {}),
    ...(set ? { encryptionSet: nameOf(set) } : {}),
  };
}

function setOf(disk: Json): Json {
  return object(object(disk, 'managedDisk'), 'diskEncryptionSet');
}

function powerOf(properties: Json): 'running' | 'stopped' | 'deallocated' | 'starting' {
  const statuses = JSON.stringify(object(properties, 'instanceView')['statuses'] ?? []);
  const [, power = 'running'] = /PowerState\/(\w+)/.exec(statuses) ?? [];
  return power === 'stopped' || power === 'deallocated' || power === 'starting' ? power : 'running';
}

function startOf(url: URL): Request {
  const start = new URL(`${url.pathname}/start?api-version=2024-07-01`, url);
  return new Request(start, { method: 'POST', headers: { authorization: 'Bearer static' } });
}

function listed(body: unknown, name: string): unknown {
  return list(body as Json, 'value').find((it) => it['name'] === name);
}
