import { DOCS } from './documents.ts';

interface Check {
  /** What to do when it does not pass. */
  readonly fix: string;
  readonly docs: string;
}

const check = (docs: string, fix = ''): Check => ({ fix, docs });

const READ = 'Give keyturn the right to read it, or exempt the check in the policy.';
const MEND_KEY = 'Mend the key, before its VMs go off by themselves.';

/** All checks by the codes of their verdicts, which never change once released. */
export const CHECKS = {
  // The VM
  hibernated: check(DOCS.hibernation, 'Start the VM, then deallocate it or leave it running.'),
  'vm-stopped': check(DOCS.states, 'Deallocate the VM, or start it.'),
  'power-state-unknown': check(DOCS.states, 'Look at the VM in the portal.'),
  'unmanaged-disk': check(DOCS.unmanaged, 'Migrate the VM to managed disks.'),
  'disk-not-found': check(DOCS.customerKeys, 'Look at the VM in the portal.'),

  // When
  'window-unreadable': check(DOCS.states, 'Mend the tag keyturn:window of the VM.'),
  'no-window': check(DOCS.states, 'Give the policy a window, or the VM the tag keyturn:window.'),
  'time-zone-fixed': check(
    DOCS.states,
    'Name the time zone by its place, or Etc/GMT+5 and the like where no summer time is meant.',
  ),
  'window-too-short': check(DOCS.states, 'Make the window longer.'),

  // The disk
  'active-sas': check(DOCS.exports, 'Revoke its SAS, or wait until it ends.'),
  'upload-unfinished': check(DOCS.uploads, 'Finish the upload and revoke its SAS.'),
  'shared-disk': check(DOCS.shared, 'Deallocate all VMs that share it, at once.'),
  'sharers-unreadable': check(DOCS.shared, READ),
  hydrating: check(DOCS.snapshots, 'Wait until the copy is complete.'),
  'disk-encryption': check(DOCS.ade, 'Move off Azure Disk Encryption to a new disk first.'),
  'disk-encryption-history': check(DOCS.ade),
  'incremental-snapshots': check(
    DOCS.snapshots,
    'Delete them, or stop the backup that makes them; keyturn never does.',
  ),
  'restore-points': check(
    DOCS.restorePoints,
    'Delete them, or stop the backup that makes them; keyturn never does.',
  ),
  'restore-points-history': check(DOCS.restorePoints),
  'incremental-snapshots-unreadable': check(DOCS.snapshots, READ),
  'restore-points-unreadable': check(DOCS.restorePoints, READ),
  'resource-group-unreadable': check(DOCS.managedGroups, READ),

  // What forbids it
  'subscription-not-enabled': check(
    DOCS.subscriptionStates,
    'Have the subscription enabled again.',
  ),
  'subscription-moved': check(
    DOCS.movedSubscriptions,
    'Give the set an identity of the new directory, and that its key.',
  ),
  'subscription-unreadable': check(DOCS.subscriptionStates, READ),
  'read-only-lock': check(DOCS.locks, 'Take the lock away, or make it CanNotDelete.'),
  'locks-unreadable': check(DOCS.locks, READ),
  'rights-missing': check(DOCS.rights, 'Grant keyturn the role that its README asks for.'),
  'rights-unreadable': check(DOCS.rights, READ),
  'denied-by-policy': check(
    DOCS.denyPolicies,
    'Give it what the policy asks for, have it exempted there, or name a set that the policy allows.',
  ),
  'policies-unreadable': check(DOCS.denyPolicies, READ),
  'policy-exemptions-unreadable': check(DOCS.policyExemptions, READ),

  // The disk encryption set
  'ambiguous-set': check(DOCS.setKeys, 'Make one of the rules more specific.'),
  set: check(DOCS.setKeys),
  'set-unreadable': check(DOCS.setKeys, 'Give keyturn the right to read the set.'),
  'set-missing': check(DOCS.setKeys, 'Name a set that is there.'),
  'set-not-ready': check(DOCS.setKeys, 'Mend the set, or wait until it is ready.'),
  'set-rotation-failed': check(
    DOCS.setKeys,
    'Mend what Azure says, then switch rotation on again.',
  ),
  'set-without-key': check(DOCS.setKeys, 'Give the set a key.'),
  'set-for-confidential-vms': check(DOCS.confidential, 'Name a set of another type.'),
  'set-type-mismatch': check(DOCS.setKeys, 'Mend the rule, or name another set.'),
  'region-mismatch': check(DOCS.customerKeys, "Name a set in the disk's own region."),
  'subscription-mismatch': check(DOCS.customerKeys, "Name a set in the disk's own subscription."),
  'double-encryption-unsupported': check(
    DOCS.doubleEncryption,
    'Name a set without double encryption for Premium SSD v2 and Ultra.',
  ),
  'user-assigned-identity-unsupported': check(
    DOCS.customerKeys,
    'Name a set with a system-assigned identity for Premium SSD v2 and Ultra.',
  ),

  // The key and its vault
  key: check(DOCS.setKeys),
  'key-unreadable': check(DOCS.keyRoles, READ),
  'key-missing': check(DOCS.setKeys, 'Recover the key, or give the set another one.'),
  'key-disabled': check(DOCS.setKeys, MEND_KEY),
  'key-not-yet-valid': check(DOCS.setKeys, MEND_KEY),
  'key-expired': check(DOCS.keyRotation, 'Rotate the key.'),
  'key-near-expiry': check(DOCS.keyRotation, 'Rotate the key first.'),
  'key-type-unsupported': check(DOCS.customerKeys, 'Give the set an RSA key.'),
  'key-size-unsupported': check(DOCS.customerKeys, 'Use 2048, 3072 or 4096 bits.'),
  'key-operations-missing': check(
    DOCS.keyTypes,
    'Let the key wrap and unwrap keys, or give the set another one.',
  ),
  'vault-unreadable': check(DOCS.keyRoles, READ),
  'vault-missing': check(DOCS.softDelete, 'Recover the vault, and grant the set its key again.'),
  'vault-soft-delete': check(DOCS.softDelete, 'Switch soft delete on.'),
  'vault-purge-protection': check(DOCS.softDelete, 'Switch purge protection on.'),
  'vault-firewall': check(DOCS.firewall, 'Let trusted Microsoft services bypass the firewall.'),
  'vault-perimeter': check(DOCS.firewall, 'See that the perimeter lets the set reach the vault.'),
  'vault-region': check(DOCS.customerKeys, 'Use a key in the region of the set.'),
  'vault-tenant': check(
    DOCS.movedVaults,
    'Give the set an identity of the directory of the vault, and that the key.',
  ),
  'key-role-missing': check(
    DOCS.keyRoles,
    'Grant the identity of the set "Key Vault Crypto Service Encryption User" on the key.',
  ),
  'key-access-policy-missing': check(
    DOCS.accessPolicies,
    'Give the identity of the set an access policy of the vault with get, wrapKey and unwrapKey.',
  ),
  'key-grant': check(
    DOCS.groupsOfIdentities,
    'Let the identity of the set use the key by itself, or see that it is in the group, and exempt the check.',
  ),
  'key-grant-of-application': check(
    DOCS.otherDirectories,
    'See that the application of the set may use the key.',
  ),
  'key-grant-condition': check(DOCS.keyRoles, 'See that the condition lets the set use the key.'),
  'key-grant-unreadable': check(DOCS.keyRoles, READ),
  'key-grant-of-hsm': check(DOCS.hsmRoles),

  // What a deallocation takes away or endangers
  'dynamic-public-ip': check(DOCS.publicAddresses, 'Make the address static.'),
  'public-ips-unreadable': check(DOCS.publicAddresses, READ),
  'temporary-disk': check(DOCS.temporaryDisks, 'See that nothing on it is needed.'),
  spot: check(DOCS.spot, 'Convert it while its owner has it deallocated, or let it be risked.'),
  'size-restricted': check(DOCS.sizes, 'Resize the VM first.'),
  'sizes-unreadable': check(DOCS.sizes, READ),
  'dedicated-host': check(DOCS.dedicatedHosts, 'See that the host keeps room for it.'),
  'capacity-reservation': check(DOCS.reservations, 'See that the reservation keeps room for it.'),
  'proximity-placement-group': check(
    DOCS.proximity,
    'See that the group has room for it, or deallocate all of its VMs and start them together.',
  ),
  'scale-set-model': check(
    DOCS.scaleSets,
    'Name the disk encryption set in the disks of its model, too.',
  ),
  'scale-sets-unreadable': check(DOCS.scaleSets, READ),
  'site-recovery': check(
    DOCS.siteRecovery,
    'Attach a disk encryption set to the replica disks, or disable replication and enable it anew.',
  ),
  'replication-unreadable': check(DOCS.siteRecovery, READ),
  'auto-shutdown': check(DOCS.autoShutdown, 'See that it does not shut down meanwhile.'),
  'schedules-unreadable': check(DOCS.autoShutdown, READ),
  'backup-running': check(DOCS.backups, 'Wait until the backup has ended.'),
  'backups-unreadable': check(DOCS.backups, READ),
} as const satisfies Readonly<Record<string, Check>>;

export type CheckCode = keyof typeof CHECKS;
