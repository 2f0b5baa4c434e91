import type { CheckCode } from './checks.ts';

/**
 * Checks that an exemption may let pass.
 *
 * What could not be read, and what only endangers. Not what Azure refuses, for which a VM would be
 * switched off in vain, nor what a conversion would leave without its key.
 */
export const EXEMPTABLE_CHECKS = [
  'key-unreadable',
  'key-near-expiry',
  'vault-unreadable',
  'key-grant',
  'key-grant-unreadable',
  'resource-group-unreadable',
  'subscription-unreadable',
  'locks-unreadable',
  'rights-unreadable',
  'policies-unreadable',
  'policy-exemptions-unreadable',
  'incremental-snapshots-unreadable',
  'restore-points-unreadable',
  'sharers-unreadable',
  'public-ips-unreadable',
  'sizes-unreadable',
  'schedules-unreadable',
  'backups-unreadable',
  'scale-sets-unreadable',
  'replication-unreadable',
  'dynamic-public-ip',
  'temporary-disk',
  'spot',
  'size-restricted',
  'dedicated-host',
  'capacity-reservation',
  'proximity-placement-group',
  'scale-set-model',
  'site-recovery',
  'auto-shutdown',
  'backup-running',
] as const satisfies readonly CheckCode[];
