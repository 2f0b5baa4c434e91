import type { Lock } from '../azure/lock.ts';
import type { Permission } from '../azure/permission.ts';
import type { Reading } from '../azure/reading.ts';
import type { PolicyRefusal } from './judge-policies.ts';

/** What was read about a VM that would be switched off. */
export interface VmFacts {
  readonly locks: Reading<readonly Lock[]>;
  /** What keyturn may do in its resource group. */
  readonly rights: Reading<readonly Permission[]>;
  /** What Azure Policy would refuse the mark for. */
  readonly markRefusals: Reading<readonly PolicyRefusal[]>;
  /** The public addresses of its subscription that change with a deallocation. */
  readonly dynamicAddresses: Reading<readonly PublicAddress[]>;
  /** The machine sizes that its subscription may have in its region. */
  readonly sizes: Reading<readonly MachineSize[]>;
  /** ARM IDs of the VMs that are shut down by a schedule. */
  readonly scheduledVmIds: Reading<readonly string[]>;
  /** The model of its scale set; null where it is in none, or that makes no machines. */
  readonly scaleSet: Reading<ScaleSetModel | null>;
  /** The VMs that Azure Site Recovery copies to another region. */
  readonly replicated: Reading<readonly ReplicatedVm[]>;
  /** The VMs of its subscription of which a backup is taken. */
  readonly backups: Reading<readonly RunningBackup[]>;
}

/** What a scale set makes new machines of. */
export interface ScaleSetModel {
  /** Whether each disk of a new machine is put onto a disk encryption set. */
  readonly namesDiskEncryptionSets: boolean;
}

export interface ReplicatedVm {
  readonly vmId: string;
  /** Where the copy is, as Azure spells it; null: not known. */
  readonly copyIn: string | null;
}

export interface PublicAddress {
  readonly id: string;
  /** ARM ID of the network interface that has it. */
  readonly networkInterfaceId: string;
}

/** A size of virtual machines in one region. */
export interface MachineSize {
  /** e.g. `Standard_D4ds_v5`. */
  readonly name: string;
  /** 0 when it has no temporary disk. */
  readonly temporaryDiskMB: number;
  /** Where it is not to be had: all of the region, or zones of it. */
  readonly restrictedIn: 'nowhere' | 'region' | readonly string[];
}

export interface RunningBackup {
  readonly resourceGroup: string;
  readonly vmName: string;
}
