import { expect, test } from 'vitest';
import type { Vm } from '../../../src/domain/azure/vm.ts';
import type { DiskFacts } from '../../../src/domain/gate/disk-facts.ts';
import { judgeCounts } from '../../../src/domain/gate/judge-counts.ts';
import { judgeDeallocation } from '../../../src/domain/gate/judge-deallocation.ts';
import { judgeDisk } from '../../../src/domain/gate/judge-disk.ts';
import { judgeVm } from '../../../src/domain/gate/judge-vm.ts';
import type { Verdict } from '../../../src/domain/gate/verdict.ts';
import type { VmFacts } from '../../../src/domain/gate/vm-facts.ts';
import { decideTurn } from '../../../src/domain/turn/decide-turn.ts';
import {
  aDisk,
  aDiskEncryptionSet,
  aKey,
  aKeyRole,
  aPermission,
  aPolicy,
  aRule,
  aVault,
  aVm,
  CUSTOMER_KEY,
  DOUBLE_KEY,
  diskId,
  GROUP,
  KEY_URL,
  OTHER_SUBSCRIPTION,
  read,
  SUBSCRIPTION,
  setId,
  someDiskFacts,
  someVmFacts,
  TENANT,
  unreadable,
  VAULT_ID,
  vmId,
} from '../../support/builders.ts';

const NOW_MS = Date.UTC(2026, 5, 1);
const DAY_MS = 86_400_000;
const SET = setId('des-weu');
const DISK = diskId('data-1');
const LOCK = { name: 'stay', scope: GROUP, level: 'ReadOnly' };
const REFUSED = 'The client has no authorization to read it.';

const ofSet = (differences: Parameters<typeof aDiskEncryptionSet>[0]): Partial<DiskFacts> => ({
  set: { id: SET, reading: read(aDiskEncryptionSet(differences)) },
});
const ofKey = (differences: Parameters<typeof aKey>[0]): Partial<DiskFacts> => ({
  key: { url: KEY_URL, reading: read(aKey(differences)) },
});
const ofVault = (differences: Parameters<typeof aVault>[0]): Partial<DiskFacts> => ({
  vault: { id: VAULT_ID, reading: read(aVault(differences)) },
});
const ofDisk = (differences: Parameters<typeof aDisk>[0]): Partial<DiskFacts> => ({
  disk: aDisk(differences),
});
const snapshots = (count: number) =>
  read(Array.from({ length: count }, (_, place) => `${GROUP}/snapshots/s-${place}`));

/** In one line, for tables. */
function say({ answer, code, message, target }: Verdict): string {
  return `${answer} ${code} of ${target}: ${message}`;
}

function standing(facts: Partial<DiskFacts>, policy = aPolicy()): readonly Verdict[] {
  const judgement = judgeDisk(someDiskFacts(facts), policy, NOW_MS);
  if (judgement.kind === 'skip') throw new Error(`skipped: ${judgement.reason}`);
  return judgement.kind === 'blocked' ? judgement.verdicts : judgement.undecidable;
}

test.for<[says: string, facts: Partial<DiskFacts>]>([
  [
    `blocked active-sas of ${DISK}: The disk is being exported.`,
    ofDisk({ diskState: 'ActiveSASFrozen' }),
  ],
  [
    `blocked upload-unfinished of ${DISK}: An upload to the disk has not begun.`,
    ofDisk({ diskState: 'ReadyToUpload' }),
  ],
  [
    `blocked upload-unfinished of ${DISK}: An upload to the disk is under way.`,
    ofDisk({ diskState: 'ActiveUpload' }),
  ],
  [
    `blocked hibernated of ${DISK}: The VM of the disk is hibernated.`,
    ofDisk({ diskState: 'Frozen' }),
  ],
  [
    `blocked shared-disk of ${DISK}: The disk is shared, and not all its VMs are deallocated: vm-1, vm-2.`,
    ofDisk({ diskState: 'Attached', maxShares: 2, sharers: [vmId('vm-1'), vmId('vm-2')] }),
  ],
  [
    `blocked hydrating of ${DISK}: The disk is still being copied: 99 %.`,
    ofDisk({ completionPercent: 99 }),
  ],
  [
    `blocked disk-encryption of ${DISK}: Azure Disk Encryption is or was on this disk.`,
    ofDisk({ hasDiskEncryptionSettings: true }),
  ],
  [
    `blocked incremental-snapshots of ${DISK}: The disk has 6 incremental snapshots (s-0, s-1, s-2, s-3, s-4).`,
    { incrementalSnapshots: snapshots(6) },
  ],
  [
    `blocked restore-points of ${DISK}: The disk has 1 restore points (s-0).`,
    { restorePoints: snapshots(1) },
  ],
  [
    `unreadable incremental-snapshots-unreadable of ${DISK}: Its incremental snapshots could not be listed: ${REFUSED}`,
    { incrementalSnapshots: unreadable() },
  ],
  [
    `unreadable restore-points-unreadable of ${DISK}: Its restore points could not be listed: ${REFUSED}`,
    { restorePoints: unreadable() },
  ],
  [
    `unreadable resource-group-unreadable of ${DISK}: Its resource group could not be read: ${REFUSED}`,
    { groupManagedBy: unreadable() },
  ],
  [
    `blocked subscription-not-enabled of ${DISK}: The subscription is Disabled, not Enabled: Azure may refuse to change or start anything in it.`,
    { subscription: read({ state: 'Disabled', tenantId: null }) },
  ],
  [
    `blocked subscription-moved of ${SET}: The identity of the set is of the directory ${TENANT}, and the subscription now belongs to another.`,
    { subscription: read({ state: 'Enabled', tenantId: 'another' }) },
  ],
  [
    `unreadable subscription-unreadable of ${DISK}: The state of the subscription could not be read: ${REFUSED}`,
    { subscription: unreadable() },
  ],
  [
    `blocked read-only-lock of ${DISK}: The lock stay on ${GROUP} makes it read-only.`,
    { locks: read([LOCK]) },
  ],
  [
    `unreadable locks-unreadable of ${DISK}: The locks could not be listed: ${REFUSED}`,
    { locks: unreadable() },
  ],
  [
    `blocked rights-missing of ${DISK}: keyturn may not do here: Microsoft.Compute/disks/write.`,
    { rights: read([]) },
  ],
  [
    `unreadable rights-unreadable of ${DISK}: What keyturn may do here could not be read: ${REFUSED}`,
    { rights: unreadable() },
  ],
  [
    `blocked denied-by-policy of ${DISK}: Denied by ${GROUP}/deny: No.`,
    { policyRefusals: read([{ assignmentId: `${GROUP}/deny`, reason: 'No.' }]) },
  ],
  [
    `blocked denied-by-policy of ${DISK}: Denied by ${GROUP}/deny`,
    { policyRefusals: read([{ assignmentId: `${GROUP}/deny`, reason: '' }]) },
  ],
  [
    `unreadable policies-unreadable of ${DISK}: What Azure Policy would say could not be asked: ${REFUSED}`,
    { policyRefusals: unreadable() },
  ],
  [
    `unreadable policy-exemptions-unreadable of ${DISK}: The exemptions of Azure Policy could not be listed: ${REFUSED}`,
    { policyExemptions: unreadable() },
  ],
  [
    `unreadable policy-exemptions-unreadable of ${DISK}: Azure Policy has an exemption here, and what from could not be read.`,
    {
      policyExemptions: read([{ id: 'x', scope: GROUP, expiresAtMs: null, isAboutKeys: null }]),
    },
  ],
  [
    `unreadable set-unreadable of ${SET}: The disk encryption set could not be read: ${REFUSED}`,
    { set: { id: SET, reading: unreadable() } },
  ],
  [
    `blocked set-missing of ${SET}: There is no such disk encryption set.`,
    { set: { id: SET, reading: read(null) } },
  ],
  [
    `blocked set-not-ready of ${SET}: The disk encryption set is Updating, not Succeeded.`,
    ofSet({ provisioningState: 'Updating' }),
  ],
  [
    `blocked set-rotation-failed of ${SET}: Its automatic rotation failed: KeyNotFound It is gone.`,
    ofSet({ autoKeyRotationError: { code: 'KeyNotFound', message: 'It is gone.' } }),
  ],
  [
    `blocked set-without-key of ${SET}: The disk encryption set has no key.`,
    ofSet({ keyUrl: null }),
  ],
  [
    `blocked set-for-confidential-vms of ${SET}: The disk encryption set is for confidential VMs, whose disks get it when made.`,
    ofSet({ encryptionType: 'ConfidentialVmEncryptedWithCustomerKey' }),
  ],
  [
    `blocked subscription-mismatch of ${DISK}: The disk and its disk encryption set are in different subscriptions.`,
    ofSet({ id: SET.replace(SUBSCRIPTION, OTHER_SUBSCRIPTION) }),
  ],
  [
    `blocked region-mismatch of ${DISK}: The disk is in westeurope, its disk encryption set in northeurope.`,
    { ...ofSet({ region: 'northeurope' }), ...ofVault({ region: 'northeurope' }) },
  ],
  [
    `blocked double-encryption-unsupported of ${DISK}: PremiumV2_LRS does not support double encryption.`,
    { ...ofDisk({ sku: 'PremiumV2_LRS' }), ...ofSet({ encryptionType: DOUBLE_KEY }) },
  ],
  [
    `blocked user-assigned-identity-unsupported of ${DISK}: UltraSSD_LRS needs a disk encryption set with a system-assigned identity.`,
    { ...ofDisk({ sku: 'UltraSSD_LRS' }), ...ofSet({ identityType: 'UserAssigned' }) },
  ],
  [
    `unreadable key-unreadable of ${KEY_URL}: The key could not be read: ${REFUSED}`,
    { key: { url: KEY_URL, reading: unreadable() } },
  ],
  [
    `blocked key-missing of ${KEY_URL}: There is no such key.`,
    { key: { url: KEY_URL, reading: read(null) } },
  ],
  [
    `blocked key-type-unsupported of ${KEY_URL}: The key is EC; disks need RSA.`,
    ofKey({ type: 'EC' }),
  ],
  [`blocked key-size-unsupported of ${KEY_URL}: The key has 1024 bits.`, ofKey({ sizeBits: 1024 })],
  [`blocked key-disabled of ${KEY_URL}: The key is disabled.`, ofKey({ enabled: false })],
  [
    `blocked key-not-yet-valid of ${KEY_URL}: The key is not valid yet.`,
    ofKey({ notBeforeMs: NOW_MS + 1 }),
  ],
  [`blocked key-expired of ${KEY_URL}: The key has expired.`, ofKey({ expiresAtMs: NOW_MS })],
  [
    `blocked key-near-expiry of ${KEY_URL}: The key expires in 2 days.`,
    ofKey({ expiresAtMs: NOW_MS + 2.9 * DAY_MS }),
  ],
  [
    `unreadable vault-unreadable of ${VAULT_ID}: The vault of the key could not be read: ${REFUSED}`,
    { vault: { id: VAULT_ID, reading: unreadable() } },
  ],
  [
    `blocked vault-missing of ${VAULT_ID}: There is no such vault.`,
    { vault: { id: VAULT_ID, reading: read(null) } },
  ],
  [
    `blocked vault-soft-delete of ${VAULT_ID}: Soft delete is off in the vault.`,
    ofVault({ softDelete: false }),
  ],
  [
    `blocked vault-purge-protection of ${VAULT_ID}: The vault has no purge protection: whoever purges the key ends its disks.`,
    ofVault({ purgeProtection: false }),
  ],
  [
    `blocked vault-firewall of ${VAULT_ID}: The firewall of the vault does not let trusted Microsoft services through.`,
    ofVault({ reach: 'closed' }),
  ],
  [
    `blocked vault-region of ${VAULT_ID}: The vault is in northeurope, the set in westeurope.`,
    ofVault({ region: 'northeurope' }),
  ],
  [
    `blocked key-operations-missing of ${KEY_URL}: The key does not allow unwrapKey, whoever asks.`,
    { key: { url: KEY_URL, reading: read(aKey({ operations: ['wrapKey'] })) } },
  ],
  [
    `blocked vault-tenant of ${SET}: The set is of the directory ${TENANT}, its vault of another, whose keys it may not use.`,
    ofVault({ tenantId: 'another' }),
  ],
  [`blocked key-role-missing of ${SET}: No role lets the set use its key.`, { keyRoles: read([]) }],
  [
    `blocked key-access-policy-missing of ${SET}: No access policy of the vault lets the set use its key.`,
    { keyRoles: null },
  ],
  [
    `unreadable key-grant of ${SET}: Azure lists no role by which the set may use its key, its groups included. A group has one, and its members may show up to a day late: not checked.`,
    { keyRoles: read([]), groupKeyRoles: read([aKeyRole()]) },
  ],
  [
    `unreadable key-grant-unreadable of ${SET}: Whether the set may use its key could not be read: ${REFUSED}`,
    { keyRoles: unreadable() },
  ],
])('blocks a disk: %s', ([says, facts]) => {
  expect(standing(facts).map(say)).toEqual([says]);
});

const EVER_ENCRYPTED = `undecidable disk-encryption-history of ${DISK}: Whether Azure Disk Encryption was ever on this disk shows only when Azure refuses it.`;

test.for<[says: string, facts: Partial<DiskFacts>]>([
  [
    `undecidable restore-points-history of ${DISK}: Whether restore points of a former VM hold the disk shows only when Azure refuses it.`,
    { restorePoints: null },
  ],
  [
    `undecidable vault-perimeter of ${VAULT_ID}: A network security perimeter says who reaches the vault.`,
    ofVault({ reach: 'by-perimeter' }),
  ],
  [
    `warn vault-soft-delete of ${VAULT_ID}: Azure does not say whether soft delete is on in the vault.`,
    ofVault({ softDelete: null }),
  ],
  [
    `undecidable key-grant-of-hsm of ${SET}: Whether the set may use the key in its managed HSM, only Azure can tell.`,
    { ...ofVault({ kind: 'hsm' }), keyRoles: read([]) },
  ],
  [
    `warn key-grant-condition of ${SET}: The set may use its key on a condition, which keyturn does not evaluate.`,
    { keyRoles: read([aKeyRole({ isConditional: true })]) },
  ],
])('converts a disk, and says: %s', ([says, facts]) => {
  expect(standing(facts).map(say)).toEqual([EVER_ENCRYPTED, says]);
});

test('says of a disk what a policy makes of it', () => {
  const rules = [aRule(SET), aRule(setId('other'))];
  const wanted = [aRule(SET, { encryptionType: DOUBLE_KEY })];

  const ambiguous = standing({}, aPolicy({ encryptionSets: rules }));
  const ofOtherType = standing({}, aPolicy({ encryptionSets: wanted }));

  expect(ambiguous.map(say)).toEqual([
    `blocked ambiguous-set of ${DISK}: Rules of the policy fit equally well, for ${SET} and ${setId('other')}.`,
  ]);
  expect(ofOtherType.map(say)).toEqual([
    `blocked set-type-mismatch of ${DISK}: The policy wants ${DOUBLE_KEY}, the disk encryption set is ${CUSTOMER_KEY}.`,
  ]);
});

const VM = vmId('vm-1');

test.for<[says: string, vm: Partial<Vm>]>([
  ['hibernated: The VM is hibernated.', { isHibernated: true }],
  ['vm-stopped: The VM is stopped but still allocated.', { powerState: 'stopped' }],
  ['power-state-unknown: Azure does not tell whether the VM runs.', { powerState: 'unknown' }],
  ['disk-encryption: Azure Disk Encryption is on this VM.', { hasDiskEncryptionExtension: true }],
  ['unmanaged-disk: The VM has an unmanaged disk.', { hasUnmanagedDisk: true }],
])('blocks a VM: %s', ([says, vm]) => {
  const verdicts = judgeVm(aVm(vm));

  expect(verdicts.map(say)).toEqual([`blocked ${says.replace(':', ` of ${VM}:`)}`]);
});

const sizes = (differences: object) => ({
  sizes: read([
    {
      name: 'Standard_D2s_v5',
      temporaryDiskMB: 0,
      restrictedIn: 'nowhere',
      ...differences,
    } as const,
  ]),
});
const COULD_NOT = `could not be read: ${REFUSED}`;

test.for<[says: string, vm: Partial<Vm>, facts: Partial<VmFacts>]>([
  [
    'blocked rights-missing: keyturn may not do here: Microsoft.Resources/tags/write, Microsoft.Compute/virtualMachines/start/action.',
    {},
    { rights: read([aPermission({ notActions: ['*/tags/write', '*/start/action'] })]) },
  ],
  [
    'blocked dynamic-public-ip: Its public IP ip-1 changes.',
    {},
    {
      dynamicAddresses: read([
        { id: `${GROUP}/ip-1`, networkInterfaceId: aVm().networkInterfaceIds[0] ?? '' },
        { id: `${GROUP}/ip-2`, networkInterfaceId: `${GROUP}/nic-of-another` },
      ]),
    },
  ],
  [
    'blocked size-restricted: Standard_D2s_v5 is not offered in westeurope; it may be retired.',
    {},
    { sizes: read([]) },
  ],
  [
    'blocked size-restricted: This subscription may not have Standard_D2s_v5 here: the VM may not start again.',
    { zone: '2' },
    sizes({ restrictedIn: ['1', '2'] }),
  ],
  [
    'warn temporary-disk: What is on the temporary disk is lost.',
    {},
    sizes({ temporaryDiskMB: 1 }),
  ],
  ['blocked spot: It is a Spot VM: it may not get its capacity back.', { isSpot: true }, {}],
  [
    'warn dedicated-host: It gives up its place on h meanwhile.',
    { dedicatedHostId: `${GROUP}/hosts/h` },
    {},
  ],
  [
    'warn capacity-reservation: It gives up its place in crg meanwhile.',
    { capacityReservationId: `${GROUP}/groups/crg` },
    {},
  ],
  [
    'warn auto-shutdown: A schedule shuts the VM down every day.',
    {},
    { scheduledVmIds: read([vmId('vm-0'), VM]) },
  ],
  [
    'blocked backup-running: A backup of the VM is taken just now.',
    {},
    {
      backups: read([
        { resourceGroup: 'rg-erp', vmName: 'vm-0' },
        { resourceGroup: 'rg-erp', vmName: 'vm-1' },
      ]),
    },
  ],
  [
    `unreadable public-ips-unreadable: The public IP addresses ${COULD_NOT}`,
    {},
    { dynamicAddresses: unreadable() },
  ],
  [`unreadable sizes-unreadable: The sizes of VMs ${COULD_NOT}`, {}, { sizes: unreadable() }],
  [
    `unreadable schedules-unreadable: The shutdown schedules ${COULD_NOT}`,
    {},
    { scheduledVmIds: unreadable() },
  ],
  [`unreadable backups-unreadable: The backup jobs ${COULD_NOT}`, {}, { backups: unreadable() }],
  [
    'unreadable backups-unreadable: The backup jobs could not be read: Microsoft.RecoveryServices/vaults/backupJobs/read is missing.',
    {},
    {
      rights: read([
        aPermission({ notActions: ['Microsoft.RecoveryServices/vaults/backupJobs/*'] }),
      ]),
    },
  ],
])('says of a deallocation: %s', ([says, vm, facts]) => {
  const verdicts = judgeDeallocation(aVm(vm), someVmFacts(facts), aPolicy(), NOW_MS);

  expect(verdicts.map(say)).toEqual([says.replace(':', ` of ${VM}:`)]);
});

const NIGHT = {
  days: ['mon'],
  fromMinute: 0,
  toMinute: 60,
  timeZone: 'Europe/Amsterdam',
} as const;

test.for<[says: string, vm: Partial<Vm>, policy: Parameters<typeof aPolicy>[0]]>([
  [
    'Its tag keyturn:window is no window such as "Sat,Sun 22:00-04:00 Europe/Amsterdam".',
    { tags: { 'keyturn:window': 'at night' } },
    {},
  ],
  [
    'The policy has no windows, and the VM no tag keyturn:window.',
    {},
    { when: 'in-window', windows: [] },
  ],
  ['No window is open for 3601 s, which it may take.', {}, { when: 'in-window', windows: [NIGHT] }],
])('says of a turn that never comes: %s', ([message, vm, policy]) => {
  const expected = { lowMs: 0, highMs: 3_600_001 };

  const turn = decideTurn({
    vm: aVm(vm),
    policy: aPolicy(policy),
    isApproved: false,
    nowMs: NOW_MS,
    expected,
  });

  expect(turn).toMatchObject({ kind: 'never', message });
});

test.for<[says: string, limits: Parameters<typeof judgeCounts>[1]]>([
  ['3 VMs and disks are to be converted; maxResources is 2.', { maxResources: 2, maxPercent: 10 }],
  [
    '3 of 4 VMs and disks are to be converted; maxPercent is 74.',
    { maxResources: 3, maxPercent: 74 },
  ],
])('says of too much: %s', ([message, limits]) => {
  const judgement = judgeCounts({ eligible: 3, total: 4 }, limits);

  expect(judgement).toMatchObject({ kind: 'too-many', message });
});

test('says all that stands against a disk, and of which disk', () => {
  const facts = someDiskFacts({
    ...ofDisk({ diskState: 'ActiveSAS' }),
    groupManagedBy: unreadable(),
    locks: read([LOCK]),
  });
  const rules = [aRule(SET), aRule(setId('other'))];

  expect(standing(facts).map(({ code }) => code)).toEqual([
    'active-sas',
    'resource-group-unreadable',
    'read-only-lock',
  ]);
  for (const policy of [aPolicy(), aPolicy({ encryptionSets: rules })]) {
    expect(judgeDisk(facts, policy, NOW_MS)).toMatchObject({ kind: 'blocked', diskId: DISK });
  }
});
