import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Disk } from '../../../src/domain/azure/disk.ts';
import type { Vault } from '../../../src/domain/azure/vault.ts';
import type { DiskFacts, Sharer } from '../../../src/domain/gate/disk-facts.ts';
import { judgeDisk } from '../../../src/domain/gate/judge-disk.ts';
import type { KeyPolicyExemption } from '../../../src/domain/gate/judge-policies.ts';
import {
  aDisk,
  aDiskEncryptionSet,
  aKey,
  aKeyRole,
  aPermission,
  aPolicy,
  aRule,
  aScope,
  aVault,
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
  unreadable,
  VAULT_ID,
  vmId,
} from '../../support/builders.ts';
import { anyDiskFacts, NOW_MS, somePolicy } from '../arbitraries.ts';

function subscription(state: string): Partial<DiskFacts> {
  return { subscription: read({ state, tenantId: null }) };
}

function exempt(differences: Partial<KeyPolicyExemption>): Partial<DiskFacts> {
  const exemption = { id: 'x', scope: GROUP, expiresAtMs: null, isAboutKeys: true } as const;
  return { policyExemptions: read([{ ...exemption, ...differences }]) };
}

const SET_ID = setId('des-weu');
const PVC = { 'kubernetes.io-created-for-pvc-name': 'claim' };

function judge(differences: Partial<DiskFacts>, policy = aPolicy()) {
  return judgeDisk(someDiskFacts(differences), policy, NOW_MS);
}

describe('looks at the VM that holds the disk', () => {
  const vm = (tags: Record<string, string>) => ({ id: vmId('vm-1'), tags });

  test('for the tags of the scope', () => {
    const policy = aPolicy({ scope: [aScope(SUBSCRIPTION, { tags: { env: 'prod' } })] });

    expect(judge({ vm: null }, policy)).toMatchObject({ reason: 'out-of-scope' });
    expect(judge({ vm: vm({ ENV: 'prod' }) }, policy)).toMatchObject({ kind: 'convert' });
  });

  test.for<[reason: string, tags: Record<string, string>]>([
    ['excluded', { 'keyturn:exclude': 'by hand' }],
    ['exclusion-unreadable', { 'keyturn:exclude-until': 'the end of days' }],
  ])('for its exclusion: %s', ([reason, tags]) => {
    expect(judge({ vm: vm(tags) })).toMatchObject({ kind: 'skip', reason });
    expect(judge({ disk: aDisk({ tags }) })).toMatchObject({ kind: 'skip', reason });
  });

  test('for the rule that chooses the set', () => {
    const encryptionSets = [aRule(SET_ID, { tags: { env: 'prod' } })];

    expect(judge({}, aPolicy({ encryptionSets }))).toMatchObject({ reason: 'region-not-covered' });
    expect(judge({ vm: vm({ env: 'prod' }) }, aPolicy({ encryptionSets }))).toMatchObject({
      kind: 'convert',
    });
  });
});

test('is blocked where rules for two sets fit equally well, and names both', () => {
  const sets = [setId('des-a'), setId('des-b')];
  const encryptionSets = [
    aRule(setId('des-a'), { regions: ['westeurope'] }),
    aRule(setId('des-b'), { tags: { env: 'prod' } }),
  ];
  const disk = aDisk({ tags: { env: 'prod' } });
  const judgement = judge({ disk, set: null, key: null }, aPolicy({ encryptionSets }));

  expect(judgement).toMatchObject({ kind: 'blocked', verdicts: [{ code: 'ambiguous-set' }] });
  for (const set of sets) expect(JSON.stringify(judgement)).toContain(set);
});

test('is blocked where the set is not of the type that the policy says', () => {
  const encryptionSets = [aRule(SET_ID, { encryptionType: DOUBLE_KEY })];

  expect(judge({}, aPolicy({ encryptionSets }))).toMatchObject({
    kind: 'blocked',
    verdicts: [{ code: 'set-type-mismatch', target: aDisk().id }],
  });
});

describe('leaves a disk alone', () => {
  test.for<[reason: string, disk: Partial<Disk>, facts?: Partial<DiskFacts>]>([
    ['out-of-scope', { id: diskId('d', GROUP.replace(SUBSCRIPTION, OTHER_SUBSCRIPTION)) }],
    ['out-of-scope', { id: 'data-1' }],
    ['already-converted', { encryptionType: CUSTOMER_KEY, diskEncryptionSetId: SET_ID }],
    [
      'already-converted',
      { encryptionType: DOUBLE_KEY, diskEncryptionSetId: SET_ID.toUpperCase() },
    ],
    ['other-customer-key', { encryptionType: CUSTOMER_KEY, diskEncryptionSetId: setId('theirs') }],
    ['other-customer-key', { encryptionType: CUSTOMER_KEY, diskEncryptionSetId: null }],
    [
      'other-customer-key',
      { encryptionType: CUSTOMER_KEY, diskEncryptionSetId: SET_ID, region: 'francecentral' },
      { set: null },
    ],
    ['region-not-covered', {}, { set: null, key: null }],
    ['confidential-vm', { secureVmSetId: setId('des-cvm') }],
    ['policy-exempt', {}, exempt({ expiresAtMs: NOW_MS + 1 })],
    [
      'policy-exempt',
      { managedBy: vmId('vm-1') },
      {
        vm: { id: vmId('vm-1'), tags: {} },
        ...exempt({ scope: vmId('VM-1') }),
      },
    ],
    ['managed-resource-group', {}, { groupManagedBy: read(`${GROUP}/providers/x/y/z`) }],
    ['managed-resource-group', { id: diskId('d', GROUP.replace('rg-erp', 'MC_rg_aks_weu')) }],
    ['managed-resource-group', { id: diskId('d', GROUP.replace('rg-erp', 'mc_rg_aks_weu')) }],
    [
      'scale-set-uniform',
      {
        managedBy: `${GROUP}/providers/Microsoft.Compute/virtualMachineScaleSets/s/virtualMachines/0`,
      },
    ],
    [
      'scale-set-uniform',
      {
        managedBy: `${GROUP}/providers/microsoft.compute/VIRTUALMACHINESCALESETS/s/virtualMachines/0`,
      },
    ],
    ['owner-not-a-vm', { managedBy: `${GROUP}/providers/Microsoft.ContainerInstance/groups/g` }],
    ['owner-not-a-vm', { managedBy: 'somebody' }],
    ['kubernetes-volume', { managedBy: vmId('aks-1'), tags: PVC }],
    ['site-recovery-replica', { id: diskId('data-1-ASRReplica') }],
    ['site-recovery-replica', { id: diskId('data-1-asrreplica') }],
    ['site-recovery-replica', { id: diskId('asrseeddisk-data-1') }],
    ['confidential-vm', { securityType: 'ConfidentialVM_DiskEncryptedWithCustomerKey' }],
    [
      'confidential-vm',
      { securityType: 'ConfidentialVM_VMGuestStateOnlyEncryptedWithPlatformKey' },
    ],
  ])('%s', ([reason, differences, facts]) => {
    const disk = aDisk(differences);

    expect(judge({ disk, ...facts })).toEqual({ kind: 'skip', diskId: disk.id, reason });
  });

  test('out of scope goes before everything else that could be said', () => {
    const disk = aDisk({ encryptionType: CUSTOMER_KEY, managedBy: 'x', tags: PVC });

    expect(judge({ disk, set: null }, aPolicy({ scope: [] }))).toMatchObject({
      kind: 'skip',
      reason: 'out-of-scope',
    });
  });
});

describe('converts a disk', () => {
  test.for<[what: string, disk: Partial<Disk>, facts?: Partial<DiskFacts>]>([
    ['that nothing holds', {}],
    ['of a VM', { managedBy: vmId('vm-1'), diskState: 'Attached' }],
    ['of a deallocated VM', { managedBy: vmId('vm-1'), diskState: 'Reserved' }],
    ['of a VM in another case', { managedBy: vmId('vm-1').toUpperCase(), diskState: 'Reserved' }],
    ['with Trusted Launch', { securityType: 'TrustedLaunch' }],
    ['that is shared, all its VMs being off', { maxShares: 2, diskState: 'Reserved' }],
    ['that could be shared, but is free', { maxShares: 2, diskState: 'Unattached' }],
    ['that was copied to its end', { completionPercent: 100 }],
    ['of a Kubernetes volume that is detached', { tags: PVC }],
    ['whose name only begins like a replica', { id: diskId('ASRReplica-of-nothing') }],
    ['whose group only contains MC_', { id: diskId('d', GROUP.replace('rg-erp', 'rg-MC_x')) }],
    ['in a state that Azure may invent', { diskState: 'constructor' }],
    ['whose exemption has ended', {}, exempt({ expiresAtMs: NOW_MS })],
    ['when others are exempt', {}, exempt({ scope: diskId('data-2') })],
  ])('%s', ([, differences, facts]) => {
    const disk = aDisk(differences);

    expect(judge({ disk, ...facts })).toMatchObject({
      kind: 'convert',
      diskId: disk.id,
      diskEncryptionSetId: SET_ID,
      encryptionType: CUSTOMER_KEY,
    });
  });

  test("takes the type and the ID from the set, not from the policy's spelling", () => {
    const azures = aDiskEncryptionSet({ id: SET_ID.toUpperCase(), encryptionType: DOUBLE_KEY });

    expect(judge({ set: { id: SET_ID, reading: read(azures) } })).toMatchObject({
      kind: 'convert',
      diskEncryptionSetId: SET_ID.toUpperCase(),
      encryptionType: DOUBLE_KEY,
    });
  });

  test('says what only Azure can tell', () => {
    expect(judge({})).toMatchObject({
      undecidable: [{ answer: 'undecidable', code: 'disk-encryption-history', target: aDisk().id }],
    });
  });
});

describe('keeps a disk from being converted', () => {
  const snapshots = ['s1', 's2', 's3', 's4', 's5', 's6'].map((name) => diskId(name));
  const twoVms = [vmId('vm-1'), vmId('vm-2')];
  const vault = (differences: Partial<Vault>) => ({
    vault: { id: VAULT_ID, reading: read(aVault(differences)) },
  });
  const set = (differences: Parameters<typeof aDiskEncryptionSet>[0]) => ({
    set: { id: SET_ID, reading: read(aDiskEncryptionSet(differences)) },
  });

  test.for<[code: string, disk: Partial<Disk>, facts?: Partial<DiskFacts>]>([
    ['active-sas', { diskState: 'ActiveSAS' }],
    ['active-sas', { diskState: 'ActiveSASFrozen' }],
    ['upload-unfinished', { diskState: 'ReadyToUpload' }],
    ['upload-unfinished', { diskState: 'ActiveUpload' }],
    ['hibernated', { diskState: 'Frozen' }],
    ['shared-disk', { maxShares: 2, diskState: 'Attached', sharers: twoVms }],
    ['hydrating', { completionPercent: 0 }],
    ['hydrating', { completionPercent: 99.9 }],
    ['disk-encryption', { hasDiskEncryptionSettings: true }],
    ['incremental-snapshots', {}, { incrementalSnapshots: read(snapshots) }],
    ['restore-points', {}, { restorePoints: read([diskId('p')]) }],
    [
      'region-mismatch',
      {},
      { ...set({ region: 'northeurope' }), ...vault({ region: 'northeurope' }) },
    ],

    ['double-encryption-unsupported', { sku: 'UltraSSD_LRS' }, set({ encryptionType: DOUBLE_KEY })],
    [
      'user-assigned-identity-unsupported',
      { sku: 'PremiumV2_LRS' },
      set({ identityType: 'UserAssigned' }),
    ],
    ['set-missing', {}, { set: { id: SET_ID, reading: read(null) }, key: null }],
    ['set-not-ready', {}, set({ provisioningState: 'Creating' })],
    ['set-without-key', {}, { ...set({ keyUrl: null }), key: null }],
    [
      'set-for-confidential-vms',
      {},
      set({ encryptionType: 'ConfidentialVmEncryptedWithCustomerKey' }),
    ],
    ['key-disabled', {}, { key: { url: KEY_URL, reading: read(aKey({ enabled: false })) } }],
    ['key-missing', {}, { key: { url: KEY_URL, reading: read(null) } }],
    ['key-type-unsupported', {}, { key: { url: KEY_URL, reading: read(aKey({ type: 'EC' })) } }],
    ['vault-missing', {}, { vault: { id: VAULT_ID, reading: read(null) } }],
    ['vault-soft-delete', {}, vault({ softDelete: false })],
    ['vault-purge-protection', {}, vault({ purgeProtection: false })],
    ['vault-firewall', {}, vault({ reach: 'closed' })],
    ['vault-region', {}, vault({ region: 'northeurope' })],
    [
      'key-operations-missing',
      {},
      { key: { url: KEY_URL, reading: read(aKey({ operations: [] })) } },
    ],
    ['vault-tenant', {}, vault({ tenantId: 'another' })],
    ['key-role-missing', {}, { keyRoles: read([]) }],
    ['key-access-policy-missing', {}, { ...vault({ goesByRoles: false }), keyRoles: null }],
    ['subscription-not-enabled', {}, subscription('Disabled')],
    ['subscription-not-enabled', {}, subscription('Warned')],
    ['subscription-not-enabled', {}, subscription('PastDue')],
    ['subscription-moved', {}, { subscription: read({ state: 'Enabled', tenantId: 'another' }) }],
    ['read-only-lock', {}, { locks: read([{ name: 'l', scope: GROUP, level: 'ReadOnly' }]) }],
    ['rights-missing', {}, { rights: read([]) }],
    ['denied-by-policy', {}, { policyRefusals: read([{ assignmentId: 'a', reason: '' }]) }],
  ])('blocked: %s', ([code, differences, facts]) => {
    const disk = aDisk(differences);

    expect(judge({ disk, ...facts })).toEqual({
      kind: 'blocked',
      diskId: disk.id,
      verdicts: [expect.objectContaining({ answer: 'blocked', code })],
    });
  });

  test.for<[code: string, facts: Partial<DiskFacts>]>([
    ['resource-group-unreadable', { groupManagedBy: unreadable() }],
    ['incremental-snapshots-unreadable', { incrementalSnapshots: unreadable() }],
    ['sharers-unreadable', { sharers: unreadable() }],
    ['restore-points-unreadable', { restorePoints: unreadable() }],
    ['set-unreadable', { set: { id: SET_ID, reading: unreadable() }, key: null }],
    ['key-unreadable', { key: { url: KEY_URL, reading: unreadable() } }],
    ['vault-unreadable', { vault: { id: VAULT_ID, reading: unreadable() } }],
    ['key-grant', { keyRoles: read([]), groupKeyRoles: read([aKeyRole()]) }],
    ['key-grant-unreadable', { keyRoles: unreadable() }],
    ['subscription-unreadable', { subscription: unreadable() }],
    ['locks-unreadable', { locks: unreadable() }],
    ['rights-unreadable', { rights: unreadable() }],
    ['policies-unreadable', { policyRefusals: unreadable() }],
    ['policy-exemptions-unreadable', { policyExemptions: unreadable() }],
    ['policy-exemptions-unreadable', exempt({ isAboutKeys: null })],
  ])('what could not be read is no pass: %s', ([code, facts]) => {
    expect(judge(facts)).toEqual({
      kind: 'blocked',
      diskId: aDisk().id,
      verdicts: [expect.objectContaining({ answer: 'unreadable', code })],
    });
  });

  test('tells everything that stands in the way at once', () => {
    const judgement = judge({
      disk: aDisk({ diskState: 'ActiveSAS', hasDiskEncryptionSettings: true }),
      incrementalSnapshots: read(snapshots),
      restorePoints: unreadable(),
      key: { url: KEY_URL, reading: read(aKey({ enabled: false })) },
    });

    expect(judgement.kind === 'blocked' && judgement.verdicts.map(({ code }) => code)).toEqual([
      'active-sas',
      'disk-encryption',
      'incremental-snapshots',
      'restore-points-unreadable',
      'key-disabled',
    ]);
  });

  test('counts all incremental snapshots and names the first five', () => {
    const judgement = judge({ incrementalSnapshots: read(snapshots) });

    expect(judgement).toMatchObject({
      verdicts: [
        { message: expect.stringContaining('6 incremental snapshots (s1, s2, s3, s4, s5)') },
      ],
    });
  });

  test('names the VMs that share a disk', () => {
    const disk = aDisk({ maxShares: 2, diskState: 'Attached', sharers: twoVms });

    expect(judge({ disk })).toMatchObject({
      verdicts: [{ message: expect.stringContaining('vm-1, vm-2') }],
    });
  });

  test("judges the key by the policy's margin", () => {
    const key = { url: KEY_URL, reading: read(aKey({ expiresAtMs: NOW_MS + 10 * 86_400_000 })) };

    expect(judge({ key }, aPolicy({ keyExpiryMarginDays: 9 })).kind).toBe('convert');
    expect(judge({ key }, aPolicy({ keyExpiryMarginDays: 10 }))).toMatchObject({
      verdicts: [{ code: 'key-near-expiry', target: KEY_URL }],
    });
  });
});

describe('hears every VM that holds a shared disk', () => {
  const disk = aDisk({
    maxShares: 2,
    diskState: 'Reserved',
    sharers: [vmId('vm-1'), vmId('vm-2')],
  });
  const sharer = (differences: Partial<Sharer>): Sharer => ({
    id: vmId('vm-2'),
    region: 'westeurope',
    powerState: 'deallocated',
    tags: {},
    ...differences,
  });
  const judgeWith = (
    differences: Partial<Sharer>,
    policy = aPolicy(),
    changed: Partial<Disk> = {},
  ) =>
    judge(
      {
        disk: { ...disk, ...changed },
        vm: { id: vmId('vm-1'), tags: {} },
        sharers: read([sharer(differences)]),
      },
      policy,
    );

  test('and converts it when all agree', () => {
    expect(judgeWith({}).kind).toBe('convert');
  });

  test.for<[reason: string, differences: Partial<Sharer>]>([
    ['excluded', { tags: { 'keyturn:exclude': 'cluster' } }],
    ['exclusion-unreadable', { tags: { 'keyturn:exclude-until': 'soon' } }],
    ['out-of-scope', { id: vmId('vm-2', GROUP.replace(SUBSCRIPTION, OTHER_SUBSCRIPTION)) }],
  ])('leaves it alone, for another is %s', ([reason, differences]) => {
    expect(judgeWith(differences)).toMatchObject({ kind: 'skip', reason });
  });

  test('leaves it alone, for the policy excludes another', () => {
    const exclusion = { scope: vmId('vm-2'), owner: 'o', reason: 'r', untilMs: NOW_MS + 1 };

    expect(judgeWith({}, aPolicy({ exclusions: [exclusion] }))).toMatchObject({
      reason: 'excluded',
    });
  });

  test('leaves it alone, for another has an exemption of Azure Policy', () => {
    const exemptions = exempt({ scope: vmId('vm-2') });

    expect(judge({ disk, sharers: read([sharer({})]), ...exemptions })).toMatchObject({
      reason: 'policy-exempt',
    });
  });

  test('blocks it when they would have different sets', () => {
    const policy = aPolicy({
      encryptionSets: [aRule(SET_ID), aRule(setId('other'), { tags: { team: 'b' } })],
    });

    expect(judgeWith({ tags: { team: 'b' } }, policy)).toMatchObject({
      verdicts: [{ code: 'ambiguous-set' }],
    });
  });

  test('blocks it while another runs, whatever the disk shows, and however that is minded', () => {
    const on = { powerState: 'running' };
    const excluded = { ...on, tags: { 'keyturn:exclude': 'true' } };

    expect(judgeWith(on)).toMatchObject({ verdicts: [{ code: 'shared-disk' }] });
    expect(judgeWith(excluded, aPolicy(), { diskState: 'Attached' })).toMatchObject({
      verdicts: [{ code: 'shared-disk' }],
    });
  });

  test('looks for who else owns it than VMs', () => {
    const instance = `${GROUP}/providers/Microsoft.Compute/virtualMachineScaleSets/s/virtualMachines/0`;

    expect(judge({ disk: { ...disk, sharers: [instance] } })).toMatchObject({
      reason: 'scale-set-uniform',
    });
  });
});

describe('whatever the facts are', () => {
  test('gives one answer about that disk, and never throws', () => {
    fc.assert(
      fc.property(anyDiskFacts(), somePolicy(), (facts, policy) => {
        const judgement = judgeDisk(facts, policy, NOW_MS);

        expect(['skip', 'blocked', 'convert']).toContain(judgement.kind);
        expect(judgement.diskId).toBe(facts.disk.id);
      }),
      { numRuns: 1_000 },
    );
  });

  test('converts only with every fact read and nothing against it', () => {
    fc.assert(
      fc.property(anyDiskFacts(), somePolicy(), (facts, policy) => {
        const judgement = judgeDisk(facts, policy, NOW_MS);
        if (judgement.kind !== 'convert') return;

        const { groupManagedBy, incrementalSnapshots, restorePoints, set, key } = facts;
        expect(groupManagedBy).toEqual(read(null));
        expect(incrementalSnapshots).toEqual(read([]));
        expect(restorePoints).toEqual(read([]));
        expect(set?.reading).toMatchObject({ status: 'read', value: { keyUrl: KEY_URL } });
        if (key !== null) expect(key.reading).toMatchObject({ value: { enabled: true } });
        expect(judgement.undecidable[0]?.code).toBe('disk-encryption-history');
        for (const { answer } of judgement.undecidable) {
          expect(['undecidable', 'warn']).toContain(answer);
        }
        expect(facts.sharers).toMatchObject({ status: 'read' });
        expect(facts.locks).toMatchObject({ status: 'read' });
        expect(facts.rights).toEqual(read([aPermission()]));
        if (facts.policyRefusals !== null) expect(facts.policyRefusals).toEqual(read([]));
        if (facts.vault === null) return;
        expect(facts.vault.reading).toMatchObject({ value: { purgeProtection: true } });
        expect(facts.vault.reading).not.toMatchObject({ value: { reach: 'closed' } });
      }),
      { numRuns: 1_000 },
    );
  });

  test('what is blocked says by what', () => {
    fc.assert(
      fc.property(anyDiskFacts(), somePolicy(), (facts, policy) => {
        const judgement = judgeDisk(facts, policy, NOW_MS);
        if (judgement.kind !== 'blocked') return;

        expect(judgement.verdicts).not.toEqual([]);
        for (const { answer, code, message } of judgement.verdicts) {
          expect(['blocked', 'unreadable']).toContain(answer);
          expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
          expect(message).not.toBe('');
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('the facts are ordinary often enough for these properties to bite', () => {
    const kinds = fc
      .sample(fc.tuple(anyDiskFacts(), somePolicy()), { numRuns: 500, seed: 1 })
      .map(([facts, policy]) => judgeDisk(facts, policy, NOW_MS).kind);

    for (const kind of ['skip', 'blocked', 'convert']) {
      expect(kinds.filter((each) => each === kind).length).toBeGreaterThan(40);
    }
  });
});
