import type { VmDescription } from '@keyturn/azure-simulator/estate-description';
import { expect, test } from 'vitest';
import { setsByRegion } from '../../support/builders.ts';
import { inAzure, type Outcome, type Run, type RunOptions, setIdOf } from '../a-run.ts';

interface Case {
  readonly code: string;
  /** What differs in the VM. */
  readonly vm?: Partial<VmDescription>;
  readonly build?: RunOptions['build'];
  /** Changes Azure before the sweep. */
  readonly before?: (run: Run) => unknown;
}

const DOUBLE = 'EncryptionAtRestWithPlatformAndCustomerKeys';
const DATABRICKS = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Databricks/workspaces/w';
const CONFIDENTIAL = 'ConfidentialVmEncryptedWithCustomerKey';

/** Makes the policy name another set. */
function otherSet(description: Parameters<Run['simulator']['estate']['addEncryptionSet']>[0]) {
  return ({ simulator, app, policy }: Run) =>
    app.setPolicy(
      policy({
        encryptionSets: setsByRegion({
          westeurope: simulator.estate.addEncryptionSet(description),
        }),
      }),
    );
}

/** Makes the policy name a set whose key is in another vault. */
function otherVault(
  description: Partial<Parameters<Run['simulator']['estate']['addVault']>[0]>,
): (run: Run) => unknown {
  return (run) => {
    run.simulator.estate.addVault({ name: 'kv-other', keys: [{ name: 'k' }], ...description });
    return otherSet({ name: 'des-other', key: 'kv-other/k' })(run);
  };
}

const GROUP = '/subscriptions/5d4f6a0e-3c1b-4f7e-9a52-0c7e8b1d2f30/resourceGroups/rg-test';
const SIZE = 'Standard_E16s_v3';
const CUSTOMER_KEYS = '702dd420-7fcc-42c5-afe8-4026edd20fe0';
const NO_SETS = JSON.parse(
  `{ "if": { "allOf": [
      { "field": "type", "equals": "Microsoft.Compute/disks" },
      { "field": "Microsoft.Compute/disks/encryption.diskEncryptionSetId", "exists": "true" }
    ] }, "then": { "effect": "deny" } }`,
);

const NEED_TEAM = JSON.parse(
  `{ "if": { "field": "tags['team']", "exists": "false" }, "then": { "effect": "deny" } }`,
);

const CASES: readonly Case[] = [
  { code: 'vm-stopped', vm: { power: 'stopped' } },
  { code: 'hibernated', vm: { power: 'hibernated' } },
  { code: 'ephemeral-os-disk', vm: { osDisk: 'ephemeral', dataDisks: 1 } },
  { code: 'disk-encryption', vm: { adeExtension: true }, before: showExtension },
  { code: 'disk-encryption', vm: { osDisk: { ade: 'now' } } },
  {
    code: 'incremental-snapshots',
    vm: { dataDisks: 1 },
    build: (estate) => estate.addSnapshot({ name: 'snap', disk: 'vm-1-data-1' }),
  },
  {
    code: 'incremental-snapshots',
    vm: { dataDisks: 1 },
    build: (estate) => estate.addSnapshot({ name: 's', group: 'rg-far', disk: 'vm-1-data-1' }),
  },
  {
    code: 'restore-points',
    build: (estate) => estate.addRestorePoints({ name: 'rpc', vm: 'vm-1', points: ['p1'] }),
  },
  { code: 'active-sas', vm: { dataDisks: [{ state: 'ActiveSAS' }] } },
  { code: 'upload-unfinished', vm: { dataDisks: [{ state: 'ReadyToUpload' }] } },
  {
    code: 'shared-disk',
    build: (estate) => {
      estate.addVm({ name: 'vm-2' });
      estate.addDisk({ name: 'shared', maxShares: 2, attachedTo: ['vm-1', 'vm-2'] });
    },
  },
  {
    code: 'managed-resource-group',
    build: (estate) => estate.addGroup({ name: 'rg-test', managedBy: DATABRICKS }),
  },
  { code: 'managed-resource-group', vm: { group: 'MC_aks_weu' } },
  {
    code: 'kubernetes-volume',
    vm: {
      osDisk: 'ephemeral',
      dataDisks: [{ tags: { 'kubernetes.io-created-for-pvc-name': 'x' } }],
    },
  },
  {
    code: 'confidential-vm',
    vm: {
      osDisk: {
        confidential: { securityType: 'ConfidentialVM_VMGuestStateOnlyEncryptedWithPlatformKey' },
      },
    },
  },
  {
    code: 'double-encryption-unsupported',
    vm: { zones: ['1'], dataDisks: [{ sku: 'PremiumV2_LRS' }] },
    before: otherSet({ name: 'des-double', encryptionType: DOUBLE }),
  },
  {
    code: 'user-assigned-identity-unsupported',
    vm: { zones: ['1'], dataDisks: [{ sku: 'UltraSSD_LRS' }] },
    before: otherSet({ name: 'des-user', identity: 'UserAssigned' }),
  },
  {
    code: 'region-mismatch',
    before: otherSet({ name: 'des-far', location: 'northeurope' }),
  },
  {
    code: 'set-for-confidential-vms',
    before: otherSet({ name: 'des-conf', encryptionType: CONFIDENTIAL }),
  },
  { code: 'subscription-mismatch', before: useOtherSubscription },
  {
    code: 'set-missing',
    before: ({ app, policy, simulator }) =>
      app.setPolicy(
        policy({ encryptionSets: setsByRegion({ westeurope: `${setIdOf(simulator)}-of-nobody` }) }),
      ),
  },
  { code: 'set-not-ready', before: changeSet({ provisioningState: 'Failed' }) },
  { code: 'set-without-key', before: changeSet({ activeKey: undefined }) },
  {
    code: 'set-rotation-failed',
    before: changeSet({ autoKeyRotationError: { code: 'KeyVaultAccessForbidden', message: 'no' } }),
  },
  {
    code: 'set-unreadable',
    before: ({ line }) =>
      line.answer({ method: 'GET', path: /diskEncryptionSets/ }, 403, forbidden),
  },
  { code: 'key-disabled', before: withKey({ enabled: false }) },
  { code: 'key-expired', before: withKey({ expiresInDays: -1 }) },
  { code: 'key-near-expiry', before: withKey({ expiresInDays: 6 }) },
  { code: 'key-missing', before: withKey({ deleted: true }) },
  {
    code: 'key-unreadable',
    before: ({ line }) => line.answer({ method: 'GET', path: /^\/keys\// }, 403, forbidden),
  },
  {
    code: 'incremental-snapshots-unreadable',
    before: ({ line }) => line.answer({ method: 'GET', path: /\/snapshots$/ }, 403, forbidden),
  },
  {
    code: 'restore-points-unreadable',
    before: ({ line }) =>
      line.answer({ method: 'GET', path: /\/restorePointCollections$/ }, 403, forbidden),
  },
  {
    code: 'resource-group-unreadable',
    before: ({ line }) =>
      line.answer({ method: 'GET', path: /\/resourcegroups\/[^/]+$/i }, 403, forbidden),
  },
  {
    code: 'read-only-lock',
    build: (estate) => estate.addLock({ name: 'l', scope: GROUP, level: 'ReadOnly' }),
  },
  {
    code: 'rights-missing',
    build: (estate) => {
      estate.addRole({
        name: 'no-start',
        actions: ['*'],
        notActions: ['Microsoft.Compute/virtualMachines/start/action'],
      });
      estate.addRoleAssignment({ principal: 'caller', role: 'no-start' });
      estate.addRoleAssignment({ principal: 'caller', role: 'Key Vault Reader' });
    },
  },
  {
    code: 'denied-by-policy',
    build: (estate) => {
      estate.addPolicyDefinition({ name: 'no-sets', policyRule: NO_SETS });
      estate.addPolicyAssignment({ name: 'no-sets', policy: 'no-sets' });
    },
  },
  {
    code: 'denied-by-policy',
    vm: { osDisk: { tags: { team: 'a' } }, dataDisks: [{ tags: { team: 'a' } }] },
    build: (estate) => {
      estate.addPolicyDefinition({ name: 'need-team', mode: 'Indexed', policyRule: NEED_TEAM });
      estate.addPolicyAssignment({ name: 'need-team', policy: 'need-team' });
    },
  },
  {
    code: 'policy-exempt',
    build: (estate) => {
      estate.addPolicyAssignment({ name: 'cmk', policy: CUSTOMER_KEYS });
      estate.addPolicyExemption({ name: 'not-yet', assignment: 'cmk', scope: GROUP });
    },
  },
  { code: 'vault-purge-protection', before: otherVault({ purgeProtection: false }) },
  { code: 'vault-firewall', before: otherVault({ firewall: 'closed' }) },
  { code: 'vault-region', before: otherVault({ location: 'northeurope' }) },
  { code: 'key-size-unsupported', before: otherVault({ keys: [{ name: 'k', sizeBits: 1024 }] }) },
  { code: 'key-role-missing', before: otherSet({ name: 'des-poor', accessGranted: false }) },
  {
    code: 'key-grant',
    before: (run) => {
      run.simulator.estate.addVault({ name: 'kv-old', rbac: false });
      return otherSet({ name: 'des-old', key: 'kv-old/k', accessGranted: false })(run);
    },
  },
  { code: 'dynamic-public-ip', vm: { publicIp: 'dynamic' } },
  { code: 'spot', vm: { spot: 'Deallocate' } },
  {
    code: 'size-restricted',
    build: (estate) => estate.restrictSize({ size: SIZE, reason: 'subscription' }),
    vm: { size: SIZE },
  },
  {
    code: 'size-restricted',
    build: (estate) => estate.restrictSize({ size: SIZE, reason: 'retired' }),
    vm: { size: SIZE },
  },
  {
    code: 'backup-running',
    build: (estate) => estate.addRecoveryVault({ name: 'rsv', jobs: [{ vm: 'vm-1' }] }),
  },
  ...(
    [
      ['locks-unreadable', /\/locks$/],
      ['rights-unreadable', /\/permissions$/],
      ['policy-exemptions-unreadable', /\/policyExemptions$/],
      ['vault-unreadable', /\/vaults\/[^/]+$/],
      ['key-grant-unreadable', /\/roleAssignments$/],
      ['public-ips-unreadable', /\/publicIPAddresses$/],
      ['sizes-unreadable', /\/skus$/],
      ['schedules-unreadable', /\/schedules$/],
    ] as const
  ).map(([code, path]) => ({
    code,
    before: ({ line }: Run) => line.answer({ method: 'GET', path }, 403, forbidden),
  })),
  {
    code: 'policies-unreadable',
    build: assignAPolicy,
    before: ({ line }) =>
      line.answer({ method: 'POST', path: /checkPolicyRestrictions$/ }, 403, forbidden),
  },
  {
    code: 'AuthorizationFailed',
    before: ({ line }) => line.answer({ method: 'GET', path: /\/disks\/[^/]+$/ }, 403, forbidden),
  },
  {
    code: 'region-not-covered',
    before: ({ app, policy }) => app.setPolicy(policy({ encryptionSets: [] })),
  },
];

/** Where nothing is assigned, Azure Policy is not asked. */
function assignAPolicy(estate: Parameters<NonNullable<RunOptions['build']>>[0]): void {
  const policyRule = JSON.parse(
    '{"if": {"field": "type", "equals": "x/y"}, "then": {"effect": "deny"}}',
  );
  estate.addPolicyDefinition({ name: 'about-others', policyRule });
  estate.addPolicyAssignment({ name: 'others', policy: 'about-others' });
}

test.for(CASES)('never switches a VM off that cannot be converted: $code', async (scenario) => {
  const { code, vm = {}, build, before } = scenario;
  await inAzure({ vms: [{ name: 'vm-1', ...vm }], ...(build ? { build } : {}) }, async (run) => {
    const first = run.vm().powerState;
    await before?.(run);

    await run.sweep();
    await run.convert(run.vm().id);

    expect(codesOf((await run.view()).outcome)).toContain(code);
    expect(run.vm()).toMatchObject({ powerState: first, deallocations: 0, starts: 0 });
    expect(run.vm().tags).toEqual({});
    expect(run.line.requests.filter(({ path }) => path.endsWith('/deallocate'))).toEqual([]);
    expect(run.disksOf().every(({ diskEncryptionSetId }) => diskEncryptionSetId === null)).toBe(
      true,
    );
  });
});

const SCALE_SET =
  '/subscriptions/5d4f6a0e-3c1b-4f7e-9a52-0c7e8b1d2f30/resourceGroups/rg-test/providers/Microsoft.Compute/virtualMachineScaleSets/vmss/virtualMachines/0';

test.for<[code: string, disk: Parameters<Run['simulator']['estate']['addDisk']>[0]]>([
  ['scale-set-uniform', { name: 'loose', managedBy: SCALE_SET }],
  ['site-recovery-replica', { name: 'loose-ASRReplica' }],
  ['site-recovery-replica', { name: 'asrseeddisk-loose' }],
  [
    'owner-not-a-vm',
    { name: 'loose', managedBy: SCALE_SET.replace(/virtualMachineScaleSets.*/, 'storagePools/p') },
  ],
  ['active-sas', { name: 'loose', state: 'ActiveSAS' }],
  [
    'confidential-vm',
    { name: 'loose', confidential: { securityType: 'ConfidentialVM_NonPersistedTPM' } },
  ],
])('leaves a disk alone: %s', async ([code, disk]) => {
  await inAzure({ build: (estate) => estate.addDisk(disk) }, async (run) => {
    const [{ id } = { id: '' }] = run.simulator.truth().disks;

    await run.sweep();

    expect(codesOf((await run.view(id)).outcome)).toContain(code);
    expect(run.simulator.truth().disks[0]?.diskEncryptionSetId).toBeNull();
    expect(run.line.requests.filter(({ method }) => method === 'PATCH')).toEqual([]);
  });
});

const forbidden = { error: { code: 'AuthorizationFailed', message: 'The client may not.' } };

function codesOf({ kind, reason, verdicts = [], skipped = [] }: Outcome): readonly unknown[] {
  return [kind, reason, ...verdicts.map((v) => v.code), ...skipped.map((each) => each.reason)];
}

/** The simulated GET of a VM lists no extensions; the real one does, in `resources`. */
function showExtension({ line, direct }: Run): void {
  line.rewrite(
    /\/virtualMachines\/[^/]+$/,
    (body) => ({
      ...body,
      resources: [
        {
          id: '/x',
          name: 'AzureDiskEncryption',
          type: 'Microsoft.Compute/virtualMachines/extensions',
          location: 'westeurope',
          properties: {
            publisher: 'Microsoft.Azure.Security',
            type: 'AzureDiskEncryptionForLinux',
          },
        },
      ],
    }),
    direct,
  );
}

/** Lets the policy name a set of another subscription, which answers like the usual one. */
function useOtherSubscription({ line, direct, app, policy, simulator }: Run): void {
  const other = 'dd7c2f5b-6a7e-4d0f-9c3e-7f1a2b3c4d5e';
  const set = setIdOf(simulator);
  const id = set.replace(simulator.subscriptionId, other);
  app.setPolicy(policy({ encryptionSets: setsByRegion({ westeurope: id }) }));
  line.hooks.push((request, path) => {
    if (path !== id) return 'pass';
    request.url = request.url.replace(other, simulator.subscriptionId);
    return direct.sendRequest(request);
  });
}

function changeSet(change: object) {
  return ({ line, direct }: Run) =>
    line.rewrite(
      /diskEncryptionSets\/[^/]+$/,
      (body) => ({ ...body, properties: { ...(body['properties'] as object), ...change } }),
      direct,
    );
}

/** Changes the key that the policy's set uses. */
function withKey(change: Parameters<Run['simulator']['estate']['changeKey']>[1]) {
  return ({ simulator, keyUrl }: Run) => simulator.estate.changeKey(keyUrl, change);
}
