import { isDeepStrictEqual } from 'node:util';
import { ArmError } from '../arm/arm-error.ts';
import { sameId } from '../arm/resource-id.ts';
import { isObject, type JsonObject, objectAt, textAt } from '../resources/json.ts';
import type { VmCall } from './new-vm.ts';
import type { Vm } from './vm.ts';

/** What a PATCH may name; a PUT repeats the whole machine, most of which cannot change here. */
const CHANGEABLE = new Set(['hardwareProfile', 'storageProfile', 'proximityPlacementGroup']);
const FIXED = ['securityProfile', 'availabilitySet', 'virtualMachineScaleSet'];

/** @throws ArmError 501 for a change that would be answered and not made. */
export function refuseUnknownChange(vm: Vm, { method, body }: VmCall): void {
  const properties = objectAt(body, 'properties');
  const { properties: now } = vm.body();
  const isNew = (name: string) => !isDeepStrictEqual(properties[name], now[name]);
  const unknown =
    method === 'PATCH'
      ? [
          ...others(body, new Set(['tags', 'location', 'properties'])),
          ...others(properties, CHANGEABLE),
        ]
      : FIXED.filter((name) => name in properties && isNew(name));
  const disk = objectAt(objectAt(properties, 'storageProfile'), 'osDisk');
  const osDiskId = textAt(objectAt(disk, 'managedDisk'), 'id');
  const swaps = osDiskId !== undefined && !sameId(osDiskId, vm.osDisk?.id ?? '');
  const found = [...unknown, ...(swaps ? ['osDisk'] : [])];
  if (found.length === 0) return;
  throw new ArmError(
    501,
    'NotSimulated',
    `The simulated Azure does not change ${found.join(', ')} of a virtual machine.`,
  );
}

function others(value: unknown, known: ReadonlySet<string>): readonly string[] {
  const object: JsonObject = isObject(value) ? value : {};
  return Object.keys(object).filter((name) => !known.has(name));
}

/**
 * Source: REST reference, Virtual Machines, `If-Match`, `If-None-Match`; code and text assumed.
 *
 * @throws ArmError 412
 */
export function refuseOtherVersion({ name, etag }: Vm, { headers }: VmCall): void {
  const wanted = headers['if-match'] ?? '*';
  const isWanted = wanted === '*' || wanted === `"${etag}"`;
  if (isWanted && headers['if-none-match'] === undefined) return;
  throw new ArmError(
    412,
    'PreconditionFailed',
    `The condition of the request on virtual machine ${name} is not met.`,
  );
}
