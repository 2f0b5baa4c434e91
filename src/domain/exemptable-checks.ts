/**
 * Checks that an exemption may let pass.
 *
 * What could not be read, and what only endangers. Not what Azure refuses, for which a VM would be
 * switched off in vain, nor what a conversion would leave without its key.
 */
export const EXEMPTABLE_CHECKS = [
  'key-unreadable',
  'key-near-expiry',
  'resource-group-unreadable',
  'incremental-snapshots-unreadable',
  'restore-points-unreadable',
  'dynamic-public-ip',
  'temporary-disk',
  'spot',
  'size-restricted',
  'dedicated-host',
  'capacity-reservation',
  'auto-shutdown',
  'backup-running',
] as const;
