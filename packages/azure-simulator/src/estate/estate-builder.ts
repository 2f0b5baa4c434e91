import { parseResourceId } from '../arm/resource-id.ts';
import { beginCopy } from '../compute/background-copy.ts';
import { Disk } from '../compute/disk.ts';
import type { DiskEncryption } from '../compute/disk-spec.ts';
import { RestorePointCollection } from '../compute/restore-point.ts';
import { Snapshot } from '../compute/snapshot.ts';
import { Vm } from '../compute/vm.ts';
import { addCompanions, addInstanceOf } from './companions.ts';
import type {
  DiskDescription,
  EstateDescription,
  LockDescription,
  RestorePointDescription,
  ScaleSetDescription,
  SnapshotDescription,
  VmDescription,
} from './estate-description.ts';
import { DEFAULT_REGION } from './key-builder.ts';
import { ADE_SETTINGS, diskProperties, vmSpec } from './shapes.ts';
import { StorageBuilder } from './storage-builder.ts';

const DAY_MS = 86_400_000;

/** Puts resources into the world with sane defaults; every `add…` returns an ARM ID. */
export class EstateBuilder extends StorageBuilder {
  load(estate: EstateDescription): void {
    each(estate.subscriptions, (it) => this.addSubscription(it));
    each(estate.managementGroups, (it) => this.addManagementGroup(it));
    each(estate.resourceGroups, (it) => this.addGroup(it));
    each(estate.vaults, (it) => this.addVault(it));
    each(estate.encryptionSets, (it) => this.addEncryptionSet(it));
    each(estate.storageAccounts, (it) => this.addStorageAccount(it));
    each(estate.scaleSets, (it) => this.addScaleSet(it));
    each(estate.virtualMachines, (it) => this.addVm(it));
    each(estate.disks, (it) => this.addDisk(it));
    each(estate.snapshots, (it) => this.addSnapshot(it));
    each(estate.restorePoints, (it) => this.addRestorePoints(it));
    each(estate.recoveryVaults, (it) => this.addRecoveryVault(it));
    each(estate.restrictedSizes, (it) => this.restrictSize(it));
    each(estate.locks, (it) => this.addLock(it));
    each(estate.roles, (it) => this.addRole(it));
    each(estate.roleAssignments, (it) => this.addRoleAssignment(it));
    each(estate.denyAssignments, (it) => this.addDenyAssignment(it));
    each(estate.policyDefinitions, (it) => this.addPolicyDefinition(it));
    each(estate.policySets, (it) => this.addPolicySet(it));
    each(estate.policyAssignments, (it) => this.addPolicyAssignment(it));
    each(estate.policyExemptions, (it) => this.addPolicyExemption(it));
  }

  addVm(description: VmDescription): string {
    const {
      name,
      osDisk,
      power = 'running',
      location = DEFAULT_REGION,
      os = 'Linux',
    } = description;
    const { vms, random } = this.world;
    const id = this.idOf(vms, description);
    const spec = vmSpec(description, { id, vmId: random.guid(), location });
    const vm = vms.add(new Vm(spec, power, description.tags));
    addCompanions(this.world, vm, description);
    const { subscription = '', group = '' } = parseResourceId(id) ?? {};
    const inherited = { subscription, group, location, attachedTo: [name] };
    if (osDisk !== 'ephemeral') {
      const osName = `${name}_OsDisk_1_${random.hex(32)}`;
      const disk = this.#addDisk({
        name: osName,
        fromImage: true,
        os,
        sizeGB: 30,
        ...inherited,
        ...osDisk,
      });
      vm.attach(disk, 'os');
    }
    const { dataDisks = 0 } = description;
    const data =
      typeof dataDisks === 'number' ? Array.from({ length: dataDisks }, () => ({})) : dataDisks;
    for (const [index, it] of data.entries()) {
      const disk = this.#addDisk({ name: `${name}-data-${index + 1}`, ...inherited, ...it });
      vm.attach(disk, 'data');
    }
    return id;
  }

  addScaleSet(description: ScaleSetDescription): string {
    const { id, name, location, spec } = this.addModel(description);
    const { subscription = '', group = '' } = parseResourceId(id) ?? {};
    for (let instance = 0; instance < (description.instances ?? 0); instance += 1) {
      const hash = this.world.random.hex(32);
      this.#addDisk({
        name: `${name}_${name}_${instance}_OsDisk_1_${hash}`,
        ...{ subscription, group, location, os: spec.os, fromImage: true, sizeGB: 30 },
        ...(description.encryptionSet ? { encryptionSet: description.encryptionSet } : {}),
        managedBy: `${id}/virtualMachines/${instance}`,
      });
    }
    return id;
  }

  addDisk(description: DiskDescription): string {
    const disk = this.#addDisk(description);
    for (const owner of description.attachedTo ?? []) this.attach(disk.id, owner);
    return disk.id;
  }

  /** Attaches a data disk; the machine by ID or name. */
  attach(diskId: string, vm: string): void {
    const disk = this.world.disks.find(diskId);
    if (!disk) throw new Error(`no such disk: ${diskId}`);
    this.vmNamed(vm).attach(disk, 'data');
  }

  detach(diskId: string, vm: string): void {
    const disk = this.world.disks.find(diskId);
    if (!disk) throw new Error(`no such disk: ${diskId}`);
    this.vmNamed(vm).detach(disk);
  }

  addSnapshot(description: SnapshotDescription): string {
    const { name, disk: diskName, incremental = true } = description;
    const { disks, snapshots, random } = this.world;
    const disk = disks.list().find((it) => it.name === diskName || it.id === diskName);
    if (!disk) throw new Error(`no such disk: ${diskName}`);
    const snapshot = new Snapshot({
      id: this.idOf(snapshots, description),
      name,
      location: disk.location,
      sku: 'Standard_ZRS',
      sizeGB: disk.sizeGB,
      incremental,
      encryption: disk.encryption,
      uniqueId: random.guid(),
      createdAt: Date.now() - DAY_MS,
      inherited: disk.body().properties,
      creationData: {},
      source: { id: disk.id, uniqueId: disk.spec.uniqueId },
    });
    snapshot.copy = this.#copy(disk.sizeGB, description);
    return snapshots.add(snapshot).id;
  }

  addRestorePoints(description: RestorePointDescription): string {
    const { name, vm: vmName, points } = description;
    const vm = this.vmNamed(vmName);
    const { restorePoints } = this.world;
    const collection = new RestorePointCollection({
      id: this.idOf(restorePoints, description),
      name,
      location: vm.location,
      sourceId: vm.id,
      points: points.map((point, index) => ({
        name: point,
        takenAt: Date.now() - (points.length - index) * DAY_MS,
        diskIds: vm.disks.map(({ id }) => id),
      })),
    });
    return restorePoints.add(collection).id;
  }

  addLock(lock: LockDescription): void {
    this.world.locks.push(lock);
  }

  #addDisk(description: DiskDescription): Disk {
    const { disks, random } = this.world;
    const { name, location = DEFAULT_REGION, ade, encryptionSet } = description;
    const secure = description.confidential?.encryptionSet;
    const id = this.idOf(disks, description);
    const disk = disks.add(
      new Disk(
        {
          id,
          name,
          location,
          zones: description.zones,
          sku: description.sku ?? 'Premium_LRS',
          sizeGB: description.sizeGB ?? 128,
          osType: description.os,
          encryption: this.#encryption(encryptionSet),
          ...(encryptionSet ? { setAsNamed: this.setNamed(encryptionSet).id } : {}),
          uniqueId: random.guid(),
          createdAt: Date.now() - 90 * DAY_MS,
          creationData: diskProperties.creationData(
            description,
            location,
            parseResourceId(id)?.subscription ?? '',
          ),
          more: {
            ...diskProperties.more(description),
            ...(ade === 'now' ? { encryptionSettingsCollection: ADE_SETTINGS } : {}),
            ...(description.confidential
              ? {
                  securityProfile: {
                    securityType: description.confidential.securityType,
                    ...(secure ? { secureVMDiskEncryptionSetId: this.setNamed(secure).id } : {}),
                  },
                }
              : {}),
          },
          previouslyAde: ade !== undefined,
          fixedState: description.state ?? (description.managedBy ? 'Attached' : undefined),
          foreignOwner: description.managedBy,
        },
        description.tags,
      ),
    );
    disk.copy = this.#copy(disk.sizeGB, description);
    addInstanceOf(this.world, disk);
    return disk;
  }

  #copy(sizeGB: number, { completionPercent }: { readonly completionPercent?: number }) {
    if (completionPercent === undefined) return null;
    return beginCopy(sizeGB, this.world.speed, completionPercent);
  }

  #encryption(setName: string | undefined): DiskEncryption {
    if (!setName) return { type: 'EncryptionAtRestWithPlatformKey' };
    const { id, spec } = this.setNamed(setName);
    const upper = id.replace(
      /(\/resourceGroups\/)([^/]+)/,
      (_, word: string, group: string) => `${word}${group.toUpperCase()}`,
    );
    return { type: spec.encryptionType, diskEncryptionSetId: upper };
  }
}

function each<T>(descriptions: readonly T[] | undefined, add: (description: T) => unknown): void {
  for (const description of descriptions ?? []) add(description);
}
