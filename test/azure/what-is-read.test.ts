import { RestError } from '@azure/core-rest-pipeline';
import { expect, test } from 'vitest';
import type { Azure } from '../../src/azure/azure.ts';
import type { MachineSize } from '../../src/domain/gate/vm-facts.ts';
import {
  aDisk,
  CUSTOMER_KEY,
  diskId,
  GROUP,
  KEY_URL,
  PRINCIPAL,
  SUBSCRIPTION,
  setId,
  VAULT_ID,
  vmId,
} from '../support/builders.ts';
import { anAzure } from './an-azure.ts';

const VM = vmId('vm-1');
const ROOT = `/subscriptions/${SUBSCRIPTION}`;
const nic = (name: string) => `${GROUP}/providers/Microsoft.Network/networkInterfaces/${name}`;
const authorization = (kind: string, name: string, scope = ROOT) =>
  `${scope}/providers/Microsoft.Authorization/${kind}/${name}`;

/** Answers with a body for each end of a path; 404 for all else. */
function answering(bodies: Readonly<Record<string, object>>) {
  return anAzure(({ pathname }) => {
    const found = Object.entries(bodies).find(([end]) => pathname.endsWith(end));
    return found ? { body: found[1] } : { status: 404 };
  });
}

test('reads on at no other host, whatever a link says', async () => {
  const { azure, requests } = anAzure(() => ({
    body: { value: [], nextLink: 'https://evil.example/locks?page=2' },
  }));

  await expect(azure.listLocks(VM)).rejects.toThrow('https://evil.example is not');
  expect(requests.map(({ url }) => new URL(url).hostname)).toEqual(['management.azure.com']);
  expect(requests[0]?.headers.get('authorization')).toBe('Bearer static');
});

test('a list that is not there is no empty list', async () => {
  const { azure } = answering({});

  for (const answer of [await azure.listLocks(VM), await azure.listRestorePoints(VM)]) {
    expect(answer).toEqual({
      status: 'refused',
      code: 'NotFound',
      message: 'The list was not found.',
    });
  }
});

test('reads public addresses that change, by the network interface they are on', async () => {
  const address = (name: string, method: string, configuration: object) => ({
    id: `${GROUP}/${name}`,
    properties: { publicIPAllocationMethod: method, ...configuration },
  });
  const on = (name: string) => ({
    ipConfiguration: { id: `${nic(name)}/IPConfigurations/ipconfig1` },
  });
  const value = [
    address('mine', 'Dynamic', on('one')),
    address('static', 'Static', on('two')),
    address('loose', 'Dynamic', {}),
  ];
  const { azure } = answering({
    [`${ROOT}/providers/Microsoft.Network/publicIPAddresses`]: { value },
  });

  expect(await azure.listDynamicAddresses(VM)).toEqual({
    status: 'ok',
    value: [{ id: `${GROUP}/mine`, networkInterfaceId: nic('one') }],
  });
});

test('reads the VMs that a schedule shuts down', async () => {
  const schedule = (status: string, taskType: string, targetResourceId?: string) => ({
    id: 'x',
    properties: { status, taskType, ...(targetResourceId ? { targetResourceId } : {}) },
  });
  const value = [
    schedule('Enabled', 'ComputeVmShutdownTask', VM),
    schedule('Disabled', 'ComputeVmShutdownTask', vmId('off')),
    schedule('Enabled', 'LabVmsShutdownTask', vmId('lab')),
    schedule('Enabled', 'ComputeVmShutdownTask'),
  ];
  const { azure } = answering({ '/Microsoft.DevTestLab/schedules': { value } });

  expect(await azure.listScheduledVms(VM)).toEqual({ status: 'ok', value: [VM] });
});

test('reads the VMs of which a backup is taken, on every page', async () => {
  const { azure, requests } = anAzure((_, { body }) => {
    const { options } = JSON.parse(String(body));
    const id = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/vaults/x`;
    const job = (containerName: string) => ({ id, properties: { containerName } });
    return options['$skipToken'] === 'next'
      ? { body: { data: [job('x;iaasvmcontainerv2;rg-2;vm-2'), job('nonsense'), { id: 'y' }] } }
      : { body: { data: [job('iaasvmcontainerv2;rg-1;vm-1')], $skipToken: 'next' } };
  });

  const answer = await azure.listRunningBackups(VM);

  expect(answer).toEqual({
    status: 'ok',
    value: [
      { resourceGroup: 'rg-1', vmName: 'vm-1' },
      { resourceGroup: 'rg-2', vmName: 'vm-2' },
    ],
  });
  expect(JSON.parse(String(requests[0]?.body))).toMatchObject({
    query: expect.stringMatching(/backupjobs'.+'InProgress'.+ \| order by id asc$/),
  });
});

const IN_WEST_EUROPE = { restrictionInfo: { locations: ['westus', 'WestEurope'] } };

test.for<[what: string, sku: object, size: Partial<MachineSize>]>([
  ['offered everywhere', {}, {}],
  [
    'restricted in its region',
    { restrictions: [{ type: 'Location', ...IN_WEST_EUROPE }] },
    { restrictedIn: 'region' },
  ],
  [
    'restricted in its region, in the older way',
    { restrictions: [{ type: 'Location', values: ['westus', 'westeurope'] }] },
    { restrictedIn: 'region' },
  ],
  [
    'restricted in another region',
    { restrictions: [{ type: 'Location', restrictionInfo: { locations: ['westus'] } }] },
    {},
  ],
  [
    'restricted in zones',
    {
      restrictions: [
        { type: 'Zone', restrictionInfo: { locations: ['westeurope'], zones: ['1', '3'] } },
      ],
    },
    { restrictedIn: ['1', '3'] },
  ],
  [
    'with a temporary disk',
    {
      capabilities: [
        { name: 'vCPUs', value: '2' },
        { name: 'MaxResourceVolumeMB', value: '76800' },
      ],
    },
    { temporaryDiskMB: 76_800 },
  ],
])('reads a size that is %s', async ([, sku, size]) => {
  const value = [
    { resourceType: 'disks', name: 'Premium_LRS' },
    { resourceType: 'virtualMachines' },
    { resourceType: 'virtualMachines', name: 'Standard_D2s_v5', ...sku },
  ];
  const { azure } = answering({ '/Microsoft.Compute/skus': { value } });

  expect(await azure.listSizes({ id: VM, region: 'westeurope' })).toEqual({
    status: 'ok',
    value: [{ name: 'Standard_D2s_v5', temporaryDiskMB: 0, restrictedIn: 'nowhere', ...size }],
  });
});

const ENCRYPTION = { type: CUSTOMER_KEY, diskEncryptionSetId: setId('des') };

test('asks policies about a disk that is alike, and only then about this very one', async () => {
  const evaluation = (name: string, result: string, more: object = {}) => ({
    policyInfo: { policyAssignmentId: authorization('policyAssignments', name) },
    evaluationResult: result,
    ...more,
  });
  const policyEvaluations = [
    evaluation('denies', 'NonCompliant', {
      effectDetails: { policyEffect: 'Deny' },
      evaluationDetails: { reason: 'Not this set.' },
    }),
    evaluation('silent', 'NonCompliant'),
    evaluation('audits', 'NonCompliant', { effectDetails: { policyEffect: 'Audit' } }),
    evaluation('content', 'Compliant'),
    { evaluationResult: 'NonCompliant' },
  ];
  const { azure, requests } = answering({
    '/checkPolicyRestrictions': { contentEvaluationResult: { policyEvaluations } },
    '/disks/data-1': {
      id: diskId('data-1'),
      location: 'westeurope',
      properties: { diskSizeGB: 4 },
    },
  });
  const disk = aDisk({ managedBy: VM, tags: { env: 'prod' } });

  const answer = await azure.askPolicies(disk, ENCRYPTION);

  expect(answer).toEqual({
    status: 'ok',
    value: [
      { assignmentId: authorization('policyAssignments', 'denies'), reason: 'Not this set.' },
      { assignmentId: authorization('policyAssignments', 'silent'), reason: '' },
      { assignmentId: 'a policy', reason: '' },
    ],
  });
  const asked = requests
    .filter(({ method }) => method === 'POST')
    .map(({ body }) => JSON.parse(String(body)).resourceDetails);
  const type = 'Microsoft.Compute/disks';
  expect(asked).toMatchObject([
    {
      resourceContent: {
        type,
        location: 'westeurope',
        tags: { env: 'prod' },
        sku: { name: 'Premium_LRS' },
        managedBy: VM,
        properties: { encryption: ENCRYPTION },
      },
    },
    {
      resourceContent: {
        type,
        name: 'data-1',
        properties: { diskSizeGB: 4, encryption: ENCRYPTION },
      },
      scope: GROUP,
    },
  ]);
});

test('asks Azure Policy about a tag of the whole VM, by its name', async () => {
  const properties = { storageProfile: { imageReference: { publisher: 'p' } } };
  const { azure, requests } = answering({
    '/checkPolicyRestrictions': {
      contentEvaluationResult: { policyEvaluations: [{ evaluationResult: 'NonCompliant' }] },
    },
    '/virtualMachines/vm-1': { id: VM, location: 'westeurope', tags: { env: 'prod' }, properties },
  });

  expect(await azure.askPoliciesOfTag(VM, 'mark')).toMatchObject({
    value: [{ assignmentId: 'a policy' }],
  });
  const asked = requests.filter(({ method }) => method === 'POST');
  expect(asked.map(({ body }) => JSON.parse(String(body)).resourceDetails)).toMatchObject([
    {
      resourceContent: {
        type: 'Microsoft.Compute/virtualMachines',
        name: 'vm-1',
        tags: { env: 'prod', mark: '' },
        properties,
      },
      scope: GROUP,
    },
  ]);
});

test('what no policy denies is asked once', async () => {
  const { azure, requests } = answering({
    '/checkPolicyRestrictions': {},
    '/policyAssignments': { value: [{ id: authorization('policyAssignments', 'a') }] },
  });

  expect(await azure.askPolicies(aDisk(), ENCRYPTION)).toEqual({ status: 'ok', value: [] });
  expect(requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
});

test('where no policy is assigned, none is asked', async () => {
  const { azure, requests } = answering({ '/policyAssignments': { value: [] } });

  expect(await azure.askPolicies(aDisk(), ENCRYPTION)).toEqual({ status: 'ok', value: [] });
  expect(await azure.askPoliciesOfTag(VM, 'mark')).toEqual({ status: 'ok', value: [] });
  expect(requests.map(({ method }) => method)).toEqual(['GET']);
});

const KEY_POLICY =
  '/providers/Microsoft.Authorization/policyDefinitions/702DD420-7fcc-42c5-afe8-4026edd20fe0';
const OTHER_POLICY = `${KEY_POLICY.slice(0, -1)}1`;
const INITIATIVE = '/providers/Microsoft.Authorization/policySetDefinitions/initiative';
const policyDefinitions = [
  { policyDefinitionId: KEY_POLICY, policyDefinitionReferenceId: 'Keys' },
  { policyDefinitionId: OTHER_POLICY, policyDefinitionReferenceId: 'other' },
];

test.for<[isAboutKeys: true | null | false, what: string, policy: string, parts: string[]]>([
  [true, 'a policy about keys', KEY_POLICY, []],
  [false, 'another policy', OTHER_POLICY, []],
  [true, 'all of an initiative that has one', INITIATIVE, []],
  [true, 'that part of an initiative', INITIATIVE, ['other', 'keys']],
  [false, 'another part of an initiative', INITIATIVE, ['other']],
  [null, 'an initiative that is not to be seen', `${INITIATIVE}-2`, []],
  [null, 'an assignment that is not to be seen', '', []],
])('%s: an exemption is about keys for %s', async ([isAboutKeys, , policy, parts]) => {
  const assignment = authorization('policyAssignments', 'a');
  const properties = {
    policyAssignmentId: assignment.toUpperCase(),
    policyDefinitionReferenceIds: parts,
    expiresOn: '2026-06-01T00:00:00Z',
  };
  const { azure } = answering({
    '/policyExemptions': {
      value: [{ id: authorization('policyExemptions', 'e', GROUP), properties }],
    },
    '/policyAssignments': {
      value: policy === '' ? [] : [{ id: assignment, properties: { policyDefinitionId: policy } }],
    },
    '/policySetDefinitions/initiative': { id: INITIATIVE, properties: { policyDefinitions } },
  });

  const answer = await azure.listKeyPolicyExemptions(VM);

  const found = {
    id: authorization('policyExemptions', 'e', GROUP),
    scope: GROUP,
    expiresAtMs: Date.UTC(2026, 5, 1),
    isAboutKeys,
  };
  expect(answer).toEqual({ status: 'ok', value: isAboutKeys === false ? [] : [found] });
});

test('what is exempt above the subscription is exempt in all of it, without an end', async () => {
  const id = authorization(
    'policyExemptions',
    'e',
    '/providers/Microsoft.Management/managementGroups/mg',
  );
  const { azure } = answering({
    '/policyExemptions': { value: [{ id }] },
    '/policyAssignments': { value: [] },
  });

  expect(await azure.listKeyPolicyExemptions(VM)).toEqual({
    status: 'ok',
    value: [{ id, scope: ROOT, expiresAtMs: null, isAboutKeys: null }],
  });
});

test.for<[keyUrl: string, type: string]>([
  [KEY_URL, 'vaults'],
  ['https://kv-weu.managedhsm.azure.net/keys/disks/1', 'managedhsms'],
])('looks for the vault of %s among the %s', async ([keyUrl, type]) => {
  const { azure, requests } = anAzure(() => ({ body: { data: [{ id: VAULT_ID }] } }));

  const found = await azure.findVault(keyUrl);
  const missing = await anAzure(() => ({ body: { data: [] } })).azure.findVault(keyUrl);

  expect(found).toEqual({ status: 'ok', value: VAULT_ID });
  expect(missing).toEqual({
    status: 'refused',
    code: 'VaultNotFound',
    message: 'No vault kv-weu is seen.',
  });
  expect(JSON.parse(String(requests[0]?.body)).query).toBe(
    `Resources | where type =~ 'microsoft.keyvault/${type}' | where name =~ 'kv-weu' | project id`,
  );
});

const CRYPTO_USER = 'e147488a-f6f5-4113-8e2d-b22465e65bf6';
const rolesDefinition = (name: string) => authorization('roleDefinitions', name);
const USES_KEYS = ['read', 'wrap/action', 'unwrap/action'].map(
  (action) => `Microsoft.KeyVault/vaults/keys/${action}`,
);

test.for<[what: string, assigned: object[], roles: object[]]>([
  ['no role', [], []],
  [
    'the role that is made for it, whatever else there is',
    [
      { roleDefinitionId: rolesDefinition('own') },
      { roleDefinitionId: rolesDefinition(CRYPTO_USER.toUpperCase()) },
    ],
    [{ permissions: [aRole([], USES_KEYS)], isConditional: false }],
  ],
  [
    'a role of their own, and one on a condition',
    [
      { roleDefinitionId: rolesDefinition('own') },
      { roleDefinitionId: rolesDefinition('own'), condition: 'x' },
    ],
    [
      { permissions: [aRole(['a'], ['b'])], isConditional: false },
      { permissions: [aRole(['a'], ['b'])], isConditional: true },
    ],
  ],
  [
    'a role that is gone',
    [{ roleDefinitionId: rolesDefinition('gone') }],
    [{ permissions: [], isConditional: false }],
  ],
])('reads who may use a key: %s', async ([, assigned, roles]) => {
  const value = assigned.map((properties) => ({ id: 'x', properties }));
  const { azure, requests } = answering({
    '/roleAssignments': { value },
    '/roleDefinitions/own': {
      properties: { permissions: [{ actions: ['a'], dataActions: ['b'] }] },
    },
  });

  const answer = await azure.listKeyRoles({ vaultId: VAULT_ID, keyUrl: KEY_URL }, PRINCIPAL);

  expect(answer).toEqual({ status: 'ok', value: roles });
  const { pathname, searchParams } = new URL(requests[0]?.url ?? '');
  expect(pathname).toBe(`${VAULT_ID}/keys/disks/providers/Microsoft.Authorization/roleAssignments`);
  expect(searchParams.get('$filter')).toBe(`atScope() and assignedTo('${PRINCIPAL}')`);
});

test('reads which groups may use a key, here or above', async () => {
  const of = (principalType: string) => ({
    id: 'x',
    properties: { roleDefinitionId: rolesDefinition(CRYPTO_USER), principalType },
  });
  const asked = async (...types: readonly string[]) => {
    const { azure, requests } = answering({ '/roleAssignments': { value: types.map(of) } });
    const answer = await azure.listKeyRolesOfGroups({ vaultId: VAULT_ID, keyUrl: KEY_URL });
    return { answer, filter: new URL(requests[0]?.url ?? '').searchParams.get('$filter') };
  };

  expect(await asked('User', 'ServicePrincipal')).toEqual({
    answer: { status: 'ok', value: [] },
    filter: 'atScope()',
  });
  expect((await asked('User', 'Group')).answer).toMatchObject({
    value: [{ isConditional: false }],
  });
});

function aRole(actions: readonly string[], dataActions: readonly string[]) {
  return { actions, notActions: [], dataActions, notDataActions: [] };
}

test.for<[reach: string, properties: object]>([
  ['open', { networkAcls: { defaultAction: 'Deny' } }],
  ['open', { networkAcls: { defaultAction: 'Deny', bypass: 'Logging, azureservices' } }],
  ['open', { networkAcls: { defaultAction: 'Allow', bypass: 'None' } }],
  ['open', { publicNetworkAccess: 'Enabled', networkAcls: { bypass: 'None' } }],
  ['closed', { networkAcls: { defaultAction: 'deny', bypass: 'None' } }],
  ['closed', { publicNetworkAccess: 'disabled', networkAcls: { bypass: 'None' } }],
  ['by-perimeter', { publicNetworkAccess: 'securedByPerimeter', networkAcls: { bypass: 'None' } }],
])('a vault is %s for %j', async ([reach, properties]) => {
  const { azure } = answering({ [VAULT_ID]: { location: 'westeurope', properties } });

  expect(await azure.readVault(VAULT_ID)).toMatchObject({ value: { reach } });
});

test('a vault without a name in DNS is gone, and no outage', async () => {
  const { azure } = anAzure(() => new RestError('getaddrinfo ENOTFOUND', { code: 'ENOTFOUND' }));

  expect(await azure.readKey(KEY_URL)).toEqual({
    status: 'refused',
    code: 'VaultNotFound',
    message: 'kv-weu.vault.azure.net is unknown.',
  });
});

test.for<[operation: string, change: (azure: Azure) => Promise<unknown>]>([
  ['Merge', (azure) => azure.setTag(VM, 'keyturn:off-by', 'i-1')],
  ['Delete', (azure) => azure.removeTag(VM, 'keyturn:off-by', 'i-1')],
])('changes one tag and no other: %s', async ([operation, change]) => {
  const { azure, requests } = answering({ '/tags/default': {} });

  expect(await change(azure)).toEqual({ status: 'ok', value: null });
  expect(requests[0]).toMatchObject({
    method: 'PATCH',
    url: expect.stringContaining(`${VM}/providers/Microsoft.Resources/tags/default?`),
    body: JSON.stringify({ operation, properties: { tags: { 'keyturn:off-by': 'i-1' } } }),
  });
});

test('reads whether a resource group is there, and who manages it', async () => {
  const owner = `${GROUP}/providers/Microsoft.Solutions/applications/app`;
  const there = answering({ [GROUP]: { managedBy: owner } }).azure;
  const gone = answering({}).azure;

  expect(await there.hasResourceGroup(GROUP)).toEqual({ status: 'ok', value: true });
  expect(await there.readGroupManagedBy(VM)).toEqual({ status: 'ok', value: owner });
  expect(await answering({ [GROUP]: {} }).azure.readGroupManagedBy(VM)).toEqual({
    status: 'ok',
    value: null,
  });
  expect(await gone.hasResourceGroup(GROUP)).toEqual({ status: 'ok', value: false });
  expect(await gone.readGroupManagedBy(VM)).toMatchObject({ status: 'refused', code: 'NotFound' });
  await expect(there.hasResourceGroup(VM)).rejects.toThrow('Not an ARM ID of a resource group.');
});
