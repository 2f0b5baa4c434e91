import { ArmError } from '../arm/arm-error.ts';
import { parseResourceId, sameId, upperGroup } from '../arm/resource-id.ts';
import type { Random } from '../random.ts';
import type { Collection } from '../resources/inventory.ts';
import { isObject, type JsonObject, objectAt, textAt } from '../resources/json.ts';
import { Disk } from './disk.ts';
import type { DiskEncryption } from './disk-spec.ts';
import { PLATFORM_KEY, requireSet } from './encryption-rules.ts';
import type { EncryptionSet } from './encryption-set.ts';
import type { Vm } from './vm.ts';
import { attachedDisk } from './vm-body.ts';
import { parseVmSize } from './vm-size.ts';
import type { DiskSettings } from './vm-spec.ts';

export interface DisksAround {
  readonly disks: Collection<Disk>;
  readonly sets: Collection<EncryptionSet>;
  readonly random: Random;
  /** @throws ArmError when Azure refuses the encryption at once. */
  readonly checkChange: (disk: Disk, wanted: DiskEncryption) => void;
}

interface Attachment {
  readonly disk: Disk;
  readonly as: 'os' | 'data';
  readonly settings: Partial<DiskSettings>;
}

/** What a write makes of the disks of a machine. */
export interface DiskChanges {
  readonly attach: readonly Attachment[];
  readonly detach: readonly Disk[];
}

/** The system disk that a new machine asks for; `null` for one that lives on the host. */
export function osDiskOf(vm: Vm, asked: JsonObject, around: DisksAround): Attachment | null {
  if (vm.spec.ephemeralOsDisk) return null;
  const disk = existing(vm, asked, around) ?? made(vm, asked, `${vm.name}_OsDisk_1_`, around);
  return { disk, as: 'os', settings: settingsIn(asked) };
}

/**
 * Compares the data disks that a write names with those that the machine has: it is to have these,
 * and no others. One that is `toBeDetached` is not meant either.
 *
 * Source: "Virtual Machines - Update", `dataDisks`; the texts are public reports'.
 *
 * @throws ArmError
 */
export function dataDiskChanges(vm: Vm, asked: unknown, around: DisksAround): DiskChanges {
  const list: readonly unknown[] = Array.isArray(asked) ? asked : [];
  const wanted = list.filter(isObject).filter((it) => it['toBeDetached'] !== true);
  const names = (disk: Disk) => (it: JsonObject) =>
    sameId(textAt(objectAt(it, 'managedDisk'), 'id') ?? '', disk.id) ||
    textAt(it, 'name') === disk.name;
  const kept = vm.dataDisks.filter((disk) => wanted.some(names(disk)));
  const luns = new Set(kept.map((disk) => vm.settingsOf(disk).lun));
  const attach = wanted
    .filter((it) => !kept.some((disk) => names(disk)(it)))
    .map((it) => {
      claimLun(Number(it['lun'] ?? 0), luns);
      const disk = existing(vm, it, around) ?? made(vm, it, `${vm.name}_disk${luns.size}_`, around);
      return { disk, as: 'data' as const, settings: settingsIn(it) };
    });
  return { attach, detach: vm.dataDisks.filter((disk) => !kept.includes(disk)) };
}

function claimLun(lun: number, taken: Set<number>): void {
  if (taken.has(lun)) {
    throw new ArmError(409, 'ConflictingUserInput', `A disk at LUN ${lun} already exists.`, {
      target: 'dataDisk.lun',
    });
  }
  taken.add(lun);
}

function settingsIn(asked: JsonObject): Partial<DiskSettings> {
  const { lun } = asked;
  const [createOption, caching] = [createOptionIn(asked), textAt(asked, 'caching')];
  return {
    ...(typeof lun === 'number' ? { lun } : {}),
    ...(createOption ? { createOption } : {}),
    ...(caching ? { caching } : {}),
    ...(asked['deleteOption'] === 'Delete' ? { deleteOption: 'Delete' as const } : {}),
  };
}

/**
 * How a disk comes to its machine, in any casing. Source: recorded.
 *
 * @throws ArmError 501 for copies that would be empty disks here.
 */
function createOptionIn(asked: JsonObject): string | undefined {
  const named = textAt(asked, 'createOption');
  if (named === undefined) return undefined;
  const known = ['Attach', 'Empty', 'FromImage'].find((it) => sameId(it, named));
  if (known !== undefined) return known;
  throw new ArmError(
    501,
    'NotSimulated',
    `The simulated Azure gives a virtual machine no disk by createOption ${named}.`,
  );
}

/** Premium where the size takes it. Source: recorded. */
function usualSku({ size }: Vm): string {
  return parseVmSize(size)?.premiumStorage ? 'Premium_LRS' : 'Standard_LRS';
}

/** A data disk that is on its way to a machine; one that is made for it has no ID yet. Source: recorded. */
export function comingDisk(
  { disk, settings }: Attachment,
  { disks }: DisksAround,
  off: boolean,
): object {
  const { lun = 0, createOption = 'Attach', caching = 'None', deleteOption } = settings;
  const whole = attachedDisk(disk, createOption, {
    caching,
    off,
    ...(deleteOption ? { deleteOption } : {}),
  });
  const { id, ...managed } = objectAt(whole, 'managedDisk');
  const managedDisk = disks.find(disk.id) ? { ...managed, id } : managed;
  return { lun, ...whole, managedDisk, toBeDetached: false };
}

/**
 * The disk that is named by ID; `null` when one is to be made.
 *
 * One in another region than its machine is not found. Source: "Azure managed disks", a disk and its
 * machine are in the same region; code and text as recorded of a snapshot, of disks assumed.
 */
function existing({ location }: Vm, asked: JsonObject, { disks }: DisksAround): Disk | null {
  if (createOptionIn(asked) !== 'Attach') return null;
  const id = textAt(objectAt(asked, 'managedDisk'), 'id') ?? '';
  const disk = disks.find(id);
  if (!disk || !sameId(disk.location, location)) {
    const name = parseResourceId(id)?.name ?? textAt(asked, 'name') ?? '';
    throw new ArmError(404, 'NotFound', `Disk ${name} is not found.`);
  }
  const most = disk.isShared ? Number(disk.more['maxShares']) : 1;
  const [owner = disk.spec.foreignOwner] = disk.owners.map((it) => it.id);
  if (owner && disk.owners.length >= most) {
    throw new ArmError(
      409,
      'ConflictingUserInput',
      `Disk '${disk.name}' cannot be attached as the disk is already owned by VM '${owner}'.`,
    );
  }
  if (disk.fixedState) {
    throw new ArmError(
      409,
      'OperationNotAllowed',
      `Disk '${disk.name}' cannot be attached while it is in state ${disk.fixedState}.`,
    );
  }
  return disk;
}

/** A disk that is made with its machine, or for it. */
function made(vm: Vm, asked: JsonObject, prefix: string, around: DisksAround): Disk {
  const { disks, random } = around;
  const { location, spec } = vm;
  const address = parseResourceId(vm.id) ?? { subscription: '', group: '' };
  const managed = objectAt(asked, 'managedDisk');
  const name = textAt(asked, 'name') ?? `${prefix}${random.hex(32)}`;
  const fromImage = createOptionIn(asked) === 'FromImage';
  const setAsNamed = textAt(objectAt(managed, 'diskEncryptionSet'), 'id');
  const disk = new Disk({
    id: disks.idOf(address, name),
    name,
    location,
    zones: spec.zones,
    sku: textAt(managed, 'storageAccountType') ?? usualSku(vm),
    sizeGB: Number(asked['diskSizeGB'] ?? (spec.os === 'Windows' ? 127 : 30)),
    ...(fromImage ? { osType: spec.os } : {}),
    encryption: encryptionOf(setAsNamed, around.sets),
    ...(setAsNamed ? { setAsNamed } : {}),
    uniqueId: random.guid(),
    createdAt: Date.now(),
    creationData: fromImage
      ? { createOption: 'FromImage', imageReference: { id: imageIdOf(vm) } }
      : { createOption: 'Empty' },
  });
  if (setAsNamed) around.checkChange(disk, disk.encryption);
  return disk;
}

/** A machine names the set alone: the type is the set's. */
function encryptionOf(setId: string | undefined, sets: Collection<EncryptionSet>): DiskEncryption {
  if (!setId) return { type: PLATFORM_KEY };
  const { spec } = requireSet(setId, sets);
  return { type: spec.encryptionType, diskEncryptionSetId: upperGroup(setId) };
}

/** Azure writes the segments of an image's ID with capitals. */
function imageIdOf({ id, location, spec }: Vm): string {
  const { publisher, offer, sku, version: asked, exactVersion, ...named } = spec.image ?? {};
  const version = exactVersion ?? asked;
  if (typeof named['id'] === 'string') return named['id'];
  const subscription = parseResourceId(id)?.subscription ?? '';
  return `/Subscriptions/${subscription}/Providers/Microsoft.Compute/Locations/${location}/Publishers/${publisher}/ArtifactTypes/VMImage/Offers/${offer}/Skus/${sku}/Versions/${version}`;
}
