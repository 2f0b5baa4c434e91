import type { ScaleSetModel } from '../../domain/gate/vm-facts.ts';
import type { ArmRequest } from '../arm/arm-request.ts';
import { ask } from '../arm/errors.ts';
import { mapped } from '../arm/list-all.ts';
import { placeOf } from '../arm/place-of.ts';
import { remember } from '../arm/remember.ts';
import type { Azure } from '../azure.ts';

/** Source: REST reference, Compute, Virtual Machine Scale Sets – Get. */
const VERSION = '2024-07-01';

/** Scale sets, whose members share one reading. */
export function scaleSetCalls(request: ArmRequest): Pick<Azure, 'readScaleSet'> {
  return {
    readScaleSet: remember(async (id) => {
      const path = placeOf(id).id;
      const answer = await ask('read scale set', () => request('GET', path, VERSION));
      return mapped(answer, (shown) => toModel(shown as ShownScaleSet | null));
    }),
  };
}

interface ShownScaleSet {
  readonly properties?: { readonly virtualMachineProfile?: Profile };
}

interface Profile {
  readonly storageProfile?: {
    readonly osDisk?: ModelDisk;
    readonly dataDisks?: readonly ModelDisk[];
  };
}

interface ModelDisk {
  readonly managedDisk?: { readonly diskEncryptionSet?: { readonly id?: string } };
}

/** A flexible scale set may have no model: then machines are only put into it. */
function toModel(shown: ShownScaleSet | null): ScaleSetModel | null {
  const storage = shown?.properties?.virtualMachineProfile?.storageProfile;
  if (storage === undefined) return null;
  const disks = [storage.osDisk ?? {}, ...(storage.dataDisks ?? [])];
  const namesDiskEncryptionSets = disks.every(
    ({ managedDisk }) => managedDisk?.diskEncryptionSet?.id !== undefined,
  );
  return { namesDiskEncryptionSets };
}
