import { parseResourceId } from '../arm/resource-id.ts';
import type { EncryptionSet } from '../compute/encryption-set.ts';
import type { RestrictedSize } from '../compute/restricted-size.ts';
import type { ScaleSet } from '../compute/scale-set.ts';
import type { Vm } from '../compute/vm.ts';
import { RecoveryVault } from '../recovery/recovery-vault.ts';
import { scaleSet } from './companions.ts';
import type { RecoveryVaultDescription, ScaleSetDescription } from './estate-description.ts';
import { DEFAULT_REGION, KeyBuilder } from './key-builder.ts';

const HOUR_MS = 3_600_000;

/** What machines are made of and backed up to: models of scale sets, sizes, recovery vaults. */
export class PlatformBuilder extends KeyBuilder {
  /** Takes a size away from this subscription, or the capacity for it. */
  restrictSize(size: RestrictedSize): void {
    this.world.restrictedSizes.push(size);
  }

  addRecoveryVault(description: RecoveryVaultDescription): string {
    const { name, location = DEFAULT_REGION, jobs = [], replicated = [] } = description;
    const { recoveryVaults, random } = this.world;
    const id = this.idOf(recoveryVaults, description);
    const vault = recoveryVaults.add(new RecoveryVault({ id, name, location }));
    for (const { vm: vmName, status = 'InProgress', operation = 'Backup' } of jobs) {
      const vm = this.vmNamed(vmName);
      const startedAt = Date.now() - (status === 'InProgress' ? HOUR_MS / 2 : 20 * HOUR_MS);
      vault.jobs.push({
        name: random.guid(),
        activityId: random.guid(),
        vmName: vm.name,
        vmGroup: parseResourceId(vm.id)?.group ?? '',
        operation,
        status,
        startedAt,
        endedAt: status === 'InProgress' ? null : startedAt + HOUR_MS,
      });
    }
    for (const { vm, copyIn = location } of replicated) {
      vault.replicated.push({ name: random.guid(), vm: this.vmNamed(vm), copyIn });
    }
    return id;
  }

  protected addModel(description: ScaleSetDescription): ScaleSet {
    const { location = DEFAULT_REGION, mode = 'Uniform', encryptionSet } = description;
    const { size = 'Standard_D2s_v3', os = 'Linux' } = description;
    const model = { location, mode, size, os };
    return scaleSet(this.world, this.idOf(this.world.scaleSets, description), {
      ...model,
      ...(encryptionSet ? { encryptionSetId: this.setNamed(encryptionSet).id } : {}),
    });
  }

  /** By name or ID. */
  protected setNamed(name: string): EncryptionSet {
    const set = this.world.sets.list().find((it) => it.name === name || it.id === name);
    if (!set) throw new Error(`no such encryption set: ${name}`);
    return set;
  }

  /** By name or ID. */
  protected vmNamed(name: string): Vm {
    const vm = this.world.vms.list().find((it) => it.name === name || it.id === name);
    if (!vm) throw new Error(`no such virtual machine: ${name}`);
    return vm;
  }
}
