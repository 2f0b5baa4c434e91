import { ArmError } from '../arm/arm-error.ts';
import type { Call } from '../arm/route.ts';
import type { Random } from '../random.ts';
import type { Collection } from '../resources/inventory.ts';
import { isObject, type JsonObject, objectAt, textAt } from '../resources/json.ts';
import { tagsIn } from '../resources/tags.ts';
import { zonesIn } from './new-disk.ts';
import { Vm } from './vm.ts';
import type { VmSpec } from './vm-spec.ts';

export type VmCall = Call<'subscription' | 'group' | 'vm'>;

/** What a GET repeats of a request as it was. */
const AS_SENT = ['osProfile', 'networkProfile', 'diagnosticsProfile', 'licenseType', 'priority'];

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
    image: isObject(storage['imageReference']) ? storage['imageReference'] : null,
    asSent: asSent(properties),
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

function asSent(properties: JsonObject): JsonObject {
  const sent = Object.entries(properties).filter(([name]) => AS_SENT.includes(name));
  return Object.fromEntries(sent.map(([name, value]) => [name, withoutSecrets(value)]));
}

function withoutSecrets(value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => !SECRET.has(name)));
}
