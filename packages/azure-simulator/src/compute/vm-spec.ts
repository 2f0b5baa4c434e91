import type { JsonObject } from '../resources/json.ts';
import type { VmPlacement } from './vm-placement.ts';

export type PowerState =
  | 'running'
  | 'stopped'
  | 'deallocated'
  | 'starting'
  | 'stopping'
  | 'deallocating';

/** What a machine is made of; the rest follows. */
export interface VmSpec {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly zones?: readonly string[] | undefined;
  readonly size: string;
  readonly os: 'Linux' | 'Windows';
  readonly vmId: string;
  readonly createdAt: number;
  readonly availabilitySetId?: string | undefined;
  readonly scaleSetId?: string | undefined;
  readonly placementGroupId?: string | undefined;
  readonly placement?: VmPlacement;
  readonly encryptionAtHost?: boolean | undefined;
  readonly securityType?: string | undefined;
  readonly ephemeralOsDisk?: boolean | undefined;
  readonly hibernationEnabled?: boolean | undefined;
  readonly extensions?: readonly VmExtension[];
  /** The usual one of its system when absent; `null` for a machine made of a disk. */
  readonly image?: JsonObject | null;
  /** Properties that show as they were sent: `osProfile`, `networkProfile`, … */
  readonly asSent?: JsonObject;
}

/** How a machine holds one of its disks. */
export interface DiskSettings {
  /** Of data disks. */
  readonly lun: number;
  readonly createOption: string;
  readonly caching: string;
  /** What becomes of the disk when the machine is deleted. */
  readonly deleteOption: 'Detach' | 'Delete';
}

export interface VmExtension {
  readonly name: string;
  readonly publisher: string;
  readonly type: string;
  readonly version: string;
}
