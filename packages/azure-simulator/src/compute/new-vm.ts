import { ArmError } from '../arm/arm-error.ts';
import { sameId } from '../arm/resource-id.ts';
import type { Call } from '../arm/route.ts';
import type { Random } from '../random.ts';
import type { Collection } from '../resources/inventory.ts';
import { isObject, type JsonObject, objectAt, textAt } from '../resources/json.ts';
import { tagsIn } from '../resources/tags.ts';
import { zonesIn } from './new-disk.ts';
import { Vm } from './vm.ts';
import { osProfile } from './vm-body.ts';
import type { VmSpec } from './vm-spec.ts';

export type VmCall = Call<'subscription' | 'group' | 'vm'>;

/** What a GET repeats of a request as it was. */
const AS_SENT = ['osProfile', 'networkProfile', 'diagnosticsProfile', 'licenseType', 'priority'];

/** What `latest` is of every image. */
const LATEST = '1.0.202501140';

/** Never shown again. Source: REST reference, `osProfile`. */
const SECRET = new Set(['adminPassword', 'customData']);

/**
 * The machine that a PUT asks for, without its disks.
 *
 * @throws ArmError 400 for a request that names no region, size or system disk.
 */
export function newVm({ params, body }: VmCall, vms: Collection<Vm>, random: Random): Vm {
  const location = textAt(body, 'location');
  if (!location) {
    throw new ArmError(
      400,
      'LocationRequired',
      'The location property is required for this definition.',
    );
  }
  const properties = objectAt(body, 'properties');
  const storage = objectAt(properties, 'storageProfile');
  const size = textAt(objectAt(properties, 'hardwareProfile'), 'vmSize');
  if (!size) throw missing('hardwareProfile.vmSize');
  if (!isObject(storage['osDisk'])) throw missing('storageProfile.osDisk');
  const spec: VmSpec = {
    id: vms.idOf(params, params.vm),
    name: params.vm,
    location,
    zones: zonesIn(body) ?? undefined,
    size,
    os: systemIn(properties),
    vmId: random.guid(),
    createdAt: Date.now(),
    availabilitySetId: textAt(objectAt(properties, 'availabilitySet'), 'id'),
    scaleSetId: textAt(objectAt(properties, 'virtualMachineScaleSet'), 'id'),
    placementGroupId: textAt(objectAt(properties, 'proximityPlacementGroup'), 'id'),
    encryptionAtHost: objectAt(properties, 'securityProfile')['encryptionAtHost'] === true,
    securityType: textAt(objectAt(properties, 'securityProfile'), 'securityType'),
    ephemeralOsDisk: objectAt(storage['osDisk'], 'diffDiskSettings')['option'] === 'Local',
    hibernationEnabled:
      objectAt(properties, 'additionalCapabilities')['hibernationEnabled'] === true,
    image: imageIn(storage),
    asSent: asSent(properties, params.vm),
  };
  return new Vm(spec, 'running', tagsIn(body));
}

function missing(name: string): ArmError {
  return new ArmError(400, 'InvalidParameter', `Required parameter '${name}' is missing (null).`, {
    target: name,
  });
}

function systemIn(properties: JsonObject): 'Linux' | 'Windows' {
  const storage = objectAt(properties, 'storageProfile');
  const named = textAt(objectAt(storage, 'osDisk'), 'osType');
  const publisher = textAt(objectAt(storage, 'imageReference'), 'publisher') ?? '';
  const windows = named === 'Windows' || (!named && publisher.startsWith('MicrosoftWindows'));
  return windows ? 'Windows' : 'Linux';
}

/** Which version `latest` is, is told beside it. Source: recorded; the number is assumed. */
function imageIn(storage: JsonObject): JsonObject | null {
  const image = storage['imageReference'];
  if (!isObject(image)) return null;
  const version = textAt(image, 'version');
  if (version === undefined || !textAt(image, 'publisher')) return image;
  const latest = sameId(version, 'latest');
  return { ...image, exactVersion: latest ? LATEST : version };
}

function asSent(properties: JsonObject, vmName: string): JsonObject {
  const sent = Object.entries(properties).filter(([name]) => AS_SENT.includes(name));
  const shown = Object.fromEntries(sent.map(([name, value]) => [name, withoutNulls(value)]));
  const profile = properties['osProfile'];
  if (!isObject(profile)) return shown;
  return { ...shown, osProfile: wholeProfile(profile, systemIn(properties), vmName) };
}

/** The usual values are filled in. Source: recorded. */
function wholeProfile(sent: JsonObject, os: VmSpec['os'], vmName: string): JsonObject {
  const { adminUsername: _, ...usual } = osProfile(vmName, os);
  const name = os === 'Linux' ? 'linuxConfiguration' : 'windowsConfiguration';
  const known = objectAt(usual, name);
  const asked = objectAt(sent, name);
  const withPassword = os === 'Linux' && textAt(sent, 'adminPassword') !== undefined;
  const patchSettings = {
    ...objectAt(known, 'patchSettings'),
    ...objectAt(asked, 'patchSettings'),
  };
  const configuration = {
    ...known,
    ...(withPassword ? { disablePasswordAuthentication: false } : {}),
    ...asked,
    patchSettings,
  };
  const whole = {
    ...usual,
    ...objectAt({ sent: withoutNulls(sent) }, 'sent'),
    [name]: configuration,
  };
  return Object.fromEntries(Object.entries(whole).filter(([member]) => !SECRET.has(member)));
}

/** Members that say nothing are not shown, nor what holds nothing else. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  const told = Object.entries(value)
    .map(([name, it]) => [name, withoutNulls(it)] as const)
    .filter(([name, it]) => it !== null && !(isEmpty(it) && !isEmpty(value[name])));
  return Object.fromEntries(told);
}

function isEmpty(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length === 0;
}
