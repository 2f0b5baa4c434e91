import type { RatePolicy } from '../arm/rate-limits.ts';

function perVm(name: string, capacity: number, refillPerMinute: number): RatePolicy {
  return { name, capacity, refillPerMinute, per: 'resource' };
}

/** A window of minutes as a bucket that refills evenly over it. */
function window(name: string, minutes: number, capacity: number): RatePolicy {
  return {
    name: `${name}${minutes}Min`,
    capacity,
    refillPerMinute: capacity / minutes,
    per: 'subscription',
  };
}

function diskWindows(name: string, in3: number, in30: number): readonly RatePolicy[] {
  return [window(name, 3, in3), window(name, 30, in30)];
}

function wholeSubscription(name: string, capacity: number, refillPerMinute: number): RatePolicy {
  return { name: `${name}SubscriptionMaximum`, capacity, refillPerMinute, per: 'subscription' };
}

/**
 * Virtual machines: 12 updates, 12 deletions and 36 reads per machine, 45 polls per operation.
 *
 * Source: Compute throttling limits, and the header of the same names in recorded answers.
 */
export const VM_RATES = {
  update: [wholeSubscription('UpdateVM', 1500, 500), perVm('UpdateVMResource', 12, 4)],
  put: [wholeSubscription('PutVM', 1500, 500), perVm('PutVMResource', 12, 4)],
  delete: [wholeSubscription('DeleteVM', 1500, 500), perVm('DeleteVMResource', 12, 4)],
  get: [wholeSubscription('LowCostGet', 24_000, 8000), perVm('LowCostGetResource', 36, 12)],
  list: [wholeSubscription('HighCostGet', 900, 300)],
  poll: [perVm('GetOperationResource', 45, 15), wholeSubscription('GetOperation', 15_000, 5000)],
} as const;

/** Disks, snapshots and encryption sets. Source: largest remaining numbers in recorded answers. */
export const DISK_RATES = {
  get: diskWindows('LowCostGet', 15_000, 120_000),
  list: diskWindows('HighCostGet', 240, 1920),
  write: diskWindows('CreateUpdateDisks', 3000, 25_000),
  delete: diskWindows('DeleteDisks', 3000, 24_000),
  writeSet: diskWindows('CreateUpdateHighCostDiskEncryptionSet', 100, 300),
  deleteSet: diskWindows('DeleteHighCostDiskEncryptionSet', 200, 500),
  writeSnapshot: diskWindows('HighCostSnapshotCreateHydrate', 1000, 8000),
  access: diskWindows('HighCostDiskHydrate', 1000, 8000),
  poll: diskWindows('GetOperation', 50_000, 400_000),
} as const;
