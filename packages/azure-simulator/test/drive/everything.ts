import { driveDisks } from './disks.ts';
import type { Driven } from './driven.ts';
import { driveEncryptionSets } from './encryption-sets.ts';
import { driveGovernance } from './governance.ts';
import { driveKeys } from './keys.ts';
import { driveMachines } from './machines.ts';
import { drivePlatform } from './platform.ts';
import { driveResources } from './resources.ts';
import { driveSnapshots } from './snapshots.ts';

export type Drive = (driven: Driven) => Promise<void>;

/** Each asks one service for one of everything that is simulated, on an example estate of its own. */
export const EVERYTHING: readonly Drive[] = [
  driveDisks,
  driveEncryptionSets,
  driveGovernance,
  driveKeys,
  driveMachines,
  drivePlatform,
  driveResources,
  driveSnapshots,
];
