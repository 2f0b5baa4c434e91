import { expect, test } from 'vitest';
import type { EstateDescription } from '../src/estate/estate-description.ts';
import { parseEstate } from '../src/example-estate.ts';
import { createSimulator } from '../src/simulator.ts';
import { ask } from './ask.ts';
import { clientsOf, refusal } from './clients.ts';
import { list, object } from './json.ts';

const SUBSCRIPTION = '11111111-1111-4111-8111-111111111111';
const ROOT = `/subscriptions/${SUBSCRIPTION}`;
const GROUP = `${ROOT}/resourceGroups/rg`;
const DISK = `${GROUP}/providers/Microsoft.Compute/disks/disk`;
const SET = `${GROUP}/providers/Microsoft.Compute/diskEncryptionSets/des`;
const CMK_REQUIRED = '702dd420-7fcc-42c5-afe8-4026edd20fe0';
const SETS_ALLOWED = 'd461a302-a187-421a-89ac-84acdb4edc04';
const AUTHORIZATION = 'providers/Microsoft.Authorization';

const CMK_DENIED = { name: 'cmk', policy: CMK_REQUIRED, parameters: { effect: 'Deny' } };

function governed(more: Partial<EstateDescription>) {
  const simulator = createSimulator({
    speed: 1000,
    estate: {
      subscriptionId: SUBSCRIPTION,
      encryptionSets: [{ name: 'des', group: 'rg' }],
      disks: [{ name: 'disk', group: 'rg', tags: { owner: 'me' } }],
      ...more,
    },
  });
  return { simulator, ...clientsOf(simulator) };
}

/** Whether the disk may be tagged: a change by which it stays on a platform key. */
async function taggable(more: Partial<EstateDescription>): Promise<string> {
  const { simulator } = governed(more);
  const path = `${DISK}?api-version=2024-03-02`;
  const { status, body } = await ask(simulator, 'PATCH', path, { tags: { owner: 'me', a: 'b' } });
  return status === 403 ? String(object(body, 'error')['code']) : String(status);
}

test('refuses a disk without a customer key where that is denied, and says by whom', async () => {
  const { simulator } = governed({ policyAssignments: [{ ...CMK_DENIED, displayName: 'Keys!' }] });

  const { status, body } = await ask(simulator, 'PUT', `${DISK}-2?api-version=2024-03-02`, {
    location: 'westeurope',
    properties: { creationData: { createOption: 'Empty' }, diskSizeGB: 32 },
  });

  expect(status).toBe(403);
  expect(object(body, 'error')).toMatchObject({
    code: 'RequestDisallowedByPolicy',
    target: 'disk-2',
    message: expect.stringMatching(
      /^Resource 'disk-2' was disallowed by policy. Policy identifiers/,
    ),
    additionalInfo: [
      {
        type: 'PolicyViolation',
        info: {
          policyDefinitionName: CMK_REQUIRED,
          policyDefinitionEffect: 'Deny',
          policyAssignmentName: 'cmk',
          policyAssignmentDisplayName: 'Keys!',
          policyAssignmentScope: ROOT,
          policyAssignmentParameters: { effect: { value: 'Deny' } },
          evaluationDetails: {
            evaluatedExpressions: [
              { expression: 'type', operator: 'Equals', result: 'True' },
              {
                expression: 'Microsoft.Compute/disks/encryption.diskEncryptionSetId',
                path: 'properties.encryption.diskEncryptionSetId',
                operator: 'Exists',
                targetValue: 'false',
              },
            ],
          },
        },
      },
    ],
  });
});

test('lets the same policy pass what has a customer key, or gets one', async () => {
  const { compute } = governed({ policyAssignments: [CMK_DENIED] });
  const encryption = { type: 'EncryptionAtRestWithCustomerKey', diskEncryptionSetId: SET };

  const changed = compute.disks.update('rg', 'disk', { encryption });

  await expect(changed).resolves.toBeDefined();
});

test('refuses a set that is not one of those allowed', async () => {
  const { compute } = governed({
    encryptionSets: [
      { name: 'des', group: 'rg' },
      { name: 'other', group: 'rg' },
    ],
    policyAssignments: [
      {
        name: 'sets',
        policy: SETS_ALLOWED,
        parameters: { effect: 'Deny', allowedEncryptionSets: [SET.toUpperCase()] },
        message: 'Use our set.',
      },
    ],
  });
  const to = (diskEncryptionSetId: string) =>
    compute.disks.update('rg', 'disk', {
      encryption: { type: 'EncryptionAtRestWithCustomerKey', diskEncryptionSetId },
    });

  await expect(to(SET.replace(/des$/, 'other'))).rejects.toThrow(
    "Resource 'disk' was disallowed by policy. Reasons: 'Use our set.'.",
  );
  await expect(to(SET)).resolves.toBeDefined();
});

const EXEMPT = { name: 'until-moved', assignment: 'cmk', scope: GROUP };
const REFUSED = 'RequestDisallowedByPolicy';

test.for<[what: string, expected: string, more: Partial<EstateDescription>]>([
  ['a denial', REFUSED, { policyAssignments: [CMK_DENIED] }],
  ['an audit', '202', { policyAssignments: [{ name: 'cmk', policy: CMK_REQUIRED }] }],
  [
    'disabled',
    '202',
    { policyAssignments: [{ ...CMK_DENIED, parameters: { effect: 'Disabled' } }] },
  ],
  [
    'not enforced',
    '202',
    { policyAssignments: [{ ...CMK_DENIED, enforcementMode: 'DoNotEnforce' }] },
  ],
  ['left out', '202', { policyAssignments: [{ ...CMK_DENIED, notScopes: [GROUP] }] }],
  ['another group', '202', { policyAssignments: [{ ...CMK_DENIED, scope: `${GROUP}-2` }] }],
  ['exempt', '202', { policyAssignments: [CMK_DENIED], policyExemptions: [EXEMPT] }],
  [
    'an exemption that has expired',
    REFUSED,
    {
      policyAssignments: [CMK_DENIED],
      policyExemptions: [{ ...EXEMPT, expiresInDays: -1 }],
    },
  ],
  [
    'a management group above',
    REFUSED,
    {
      managementGroups: [{ name: 'corp', subscriptions: [SUBSCRIPTION] }],
      policyAssignments: [
        { ...CMK_DENIED, scope: '/providers/Microsoft.Management/managementGroups/corp' },
      ],
    },
  ],
  ...(
    [
      ['a policy of a set', REFUSED, ['other']],
      ['an exempt policy of a set', '202', ['keys']],
    ] as const
  ).map(([what, expected, referenceIds]): [string, string, Partial<EstateDescription>] => [
    what,
    expected,
    {
      policySets: [
        {
          name: 'security',
          policies: [{ policy: CMK_REQUIRED, referenceId: 'keys', parameters: { effect: 'Deny' } }],
        },
      ],
      policyAssignments: [{ name: 'cmk', policy: 'security' }],
      policyExemptions: [{ ...EXEMPT, referenceIds }],
    },
  ]),
])('%s answers a change of tags with %s', async ([, expected, more]) => {
  expect(await taggable(more)).toBe(expected);
});

/** A rule that denies, made of one condition. */
function denyIf(condition: object) {
  return Object.fromEntries([
    ['if', condition],
    ['then', { effect: 'deny' }],
  ]);
}

test.for<[condition: object, denies: boolean]>([
  [{ field: 'location', in: ['northeurope', 'WestEurope'] }, true],
  [{ field: 'location', notIn: ['westeurope'] }, false],
  [{ field: 'tags.owner', equals: 'ME' }, true],
  [{ field: "tags['cost-center']", exists: 'false' }, true],
  [{ field: 'tags[owner]', notContains: 'm' }, false],
  [{ not: { field: 'name', like: 'prod-*' } }, true],
  [{ field: 'name', notLike: 'd*k' }, false],
  [{ field: 'Microsoft.Compute/disks/sku.name', contains: 'premium' }, true],
  [{ field: 'Microsoft.Compute/snapshots/sku.name', exists: true }, false],
  [
    {
      anyOf: [
        { field: 'name', equals: 'x' },
        { field: 'type', equals: 'microsoft.compute/DISKS' },
      ],
    },
    true,
  ],
  [
    {
      allOf: [
        { field: 'name', equals: 'disk' },
        { field: 'kind', exists: 'true' },
      ],
    },
    false,
  ],
])('of a rule of our own, %j denies: %s', async ([condition, denies]) => {
  const answered = await taggable({
    policyDefinitions: [{ name: 'own', policyRule: denyIf(condition) }],
    policyAssignments: [{ name: 'own', policy: 'own' }],
  });

  expect(answered).toBe(denies ? REFUSED : '202');
});

test('refuses rules that are not simulated by name, from an estate and from a caller', async () => {
  const { simulator } = governed({});
  const path = `${ROOT}/${AUTHORIZATION}/policyDefinitions/own?api-version=2023-04-01`;
  const rules = [
    denyIf({ count: { field: 'x[*]' }, greater: 1 }),
    denyIf({ field: 'Microsoft.Web/sites/httpsOnly', equals: 'true' }),
    denyIf({ field: 'name', match: '##' }),
    denyIf({ field: 'name', equals: "[concat('a', 'b')]" }),
    Object.fromEntries([
      ['if', { field: 'name', equals: 'x' }],
      ['then', { effect: 'modify' }],
    ]),
  ];

  const answers = await Promise.all(
    rules.map((policyRule) => ask(simulator, 'PUT', path, { properties: { policyRule } })),
  );
  const parsed = parseEstate({
    subscriptionId: SUBSCRIPTION,
    policyDefinitions: rules.map((policyRule, index) => ({ name: `p${index}`, policyRule })),
  });

  const told = answers.map(({ body }) => String(object(body, 'error')['message']));
  expect(told).toEqual(
    [
      "the condition 'count'",
      "the field 'Microsoft.Web/sites/httpsOnly'",
      "the operator 'match'",
      "the expression '[concat('a', 'b')]'",
      "the effect 'modify'",
    ].map((what) => `The simulated Azure Policy does not know ${what}.`),
  );
  expect(parsed).toEqual({
    errors: told.map((text, index) => `$.policyDefinitions[${index}].policyRule: ${text}`),
  });
});

test('definitions, assignments and exemptions are made, listed by scope and taken away', async () => {
  const { simulator } = governed({});
  const at = (scope: string, rest: string) =>
    `${scope}/${AUTHORIZATION}/${rest}${rest.includes('?') ? '&' : '?'}api-version=2023-04-01`;
  const namesAt = async (scope: string, rest: string) =>
    list((await ask(simulator, 'GET', at(scope, rest))).body, 'value').map(({ name }) => name);
  const policyDefinitionId = `/${AUTHORIZATION}/policyDefinitions/${CMK_REQUIRED}`;
  const assign = (scope: string, name: string, properties: object) =>
    ask(simulator, 'PUT', at(scope, `policyAssignments/${name}`), {
      properties: { policyDefinitionId, ...properties },
    });

  const made = await assign(ROOT, 'high', { parameters: { effect: { value: 'Deny' } } });
  await assign(GROUP, 'low', {});
  const wrong = await assign(ROOT, 'wrong', { parameters: { effect: { value: 'deny' } } });
  const exempt = await ask(simulator, 'PUT', at(GROUP, 'policyExemptions/e'), {
    properties: {
      policyAssignmentId: `${ROOT}/${AUTHORIZATION}/policyAssignments/high`,
      exemptionCategory: 'Waiver',
      expiresOn: '2020-01-01T00:00:00Z',
    },
  });

  expect(made.status).toBe(201);
  expect(object(made.body, 'properties')).toMatchObject({
    enforcementMode: 'Default',
    scope: ROOT,
    definitionVersion: '3.*.*',
  });
  expect(object(wrong.body, 'error')['code']).toBe('PolicyParameterValueNotAllowed');
  expect(exempt.status).toBe(201);
  expect(await namesAt(ROOT, 'policyAssignments')).toEqual(['high', 'low']);
  expect(await namesAt(ROOT, 'policyAssignments?$filter=atScope()')).toEqual(['high']);
  expect(await namesAt(GROUP, 'policyAssignments?$filter=atScope()')).toEqual(['high', 'low']);
  expect(await namesAt(GROUP, 'policyAssignments?$filter=atExactScope()')).toEqual(['low']);
  expect(await namesAt(ROOT, 'policyExemptions')).toEqual(['e']);
  expect(await namesAt(ROOT, 'policyExemptions?$filter=excludeExpired()')).toEqual([]);
  expect(await namesAt('', 'policyDefinitions')).toContain(CMK_REQUIRED);
  expect(await namesAt(ROOT, "policyDefinitions?$filter=policyType eq 'Custom'")).toEqual([]);
  expect((await ask(simulator, 'DELETE', at(ROOT, 'policyAssignments/high'))).status).toBe(200);
  expect((await ask(simulator, 'DELETE', at(ROOT, 'policyAssignments/high'))).status).toBe(204);
  expect((await ask(simulator, 'GET', at(ROOT, 'policyAssignments/high'))).status).toBe(404);
});

async function check(
  more: Partial<EstateDescription>,
  question: object,
  scope = GROUP,
  version = '2023-03-01',
) {
  const { simulator } = governed(more);
  const path = `${scope}/providers/Microsoft.PolicyInsights/checkPolicyRestrictions?api-version=${version}`;
  const { status, body } = await ask(simulator, 'POST', path, question);
  return {
    status,
    body,
    found: list(object(body, 'contentEvaluationResult'), 'policyEvaluations'),
  };
}

const NEW_DISK = {
  resourceDetails: {
    resourceContent: { type: 'Microsoft.Compute/disks', location: 'westeurope', properties: {} },
    apiVersion: '2024-03-02',
  },
};

test('tells before a write which policies would deny it, and on request which would audit it', async () => {
  const denying = { policyAssignments: [{ ...CMK_DENIED, message: 'Take a key.' }] };
  const auditing = { policyAssignments: [{ name: 'cmk', policy: CMK_REQUIRED }] };

  const denied = await check(denying, NEW_DISK);
  const quiet = await check(auditing, NEW_DISK);
  const audited = await check(auditing, { ...NEW_DISK, includeAuditEffect: true }, ROOT);
  const exempt = await check({ ...denying, policyExemptions: [EXEMPT] }, NEW_DISK);
  const old = await check(denying, NEW_DISK, GROUP, '2022-03-01');

  expect(denied.found).toMatchObject([
    {
      policyInfo: {
        policyDefinitionId: `/${AUTHORIZATION}/policyDefinitions/${CMK_REQUIRED}`,
        policyAssignmentId: `${ROOT}/${AUTHORIZATION}/policyAssignments/cmk`,
      },
      evaluationResult: 'NonCompliant',
      evaluationDetails: { reason: 'Take a key.' },
      effectDetails: { policyEffect: 'Deny' },
    },
  ]);
  expect(quiet.found).toEqual([]);
  expect(audited.found).toMatchObject([{ effectDetails: { policyEffect: 'Audit' } }]);
  expect(exempt.found).toEqual([]);
  expect(old.found[0]).not.toHaveProperty('effectDetails');
});

test('tells which values of a field are denied, and which fields are required', async () => {
  const { body } = await check(
    {
      policyDefinitions: [
        { name: 'regions', policyRule: denyIf({ field: 'location', notIn: ['westeurope'] }) },
        { name: 'owner', policyRule: denyIf({ field: 'tags.owner', exists: 'false' }) },
        {
          name: 'stage',
          policyRule: denyIf({ not: { field: 'tags.stage', in: ['prod', 'test'] } }),
        },
      ],
      policyAssignments: ['regions', 'owner', 'stage'].map((policy) => ({ name: policy, policy })),
    },
    {
      ...NEW_DISK,
      pendingFields: [
        { field: 'location', values: ['westeurope', 'eastus'] },
        { field: 'tags' },
        { field: 'name', values: ['any'] },
      ],
    },
  );

  expect(list(body, 'fieldRestrictions')).toMatchObject([
    { field: 'location', restrictions: [{ result: 'Deny', values: ['eastus'] }] },
    { field: 'tags.owner', restrictions: [{ result: 'Required', policyEffect: 'Deny' }] },
    { field: 'tags.stage', restrictions: [{ result: 'Required', values: ['prod', 'test'] }] },
  ]);
});

test('asking about policies takes a right to read, also where a lock forbids writes', async () => {
  const locked = { locks: [{ name: 'l', scope: GROUP, level: 'ReadOnly' as const }] };
  const reader = { roleAssignments: [{ principal: 'caller', role: 'Reader' }] };
  const nobody = { roleAssignments: [{ principal: 'caller', role: 'Tag Contributor' }] };

  expect((await check(locked, NEW_DISK)).status).toBe(200);
  expect((await check(reader, NEW_DISK)).status).toBe(200);
  expect((await check(nobody, NEW_DISK)).status).toBe(403);
});

test('a group is for policies of mode All alone', async () => {
  const rule = denyIf({ field: 'location', notEquals: 'westeurope' });
  const make = (mode: 'All' | 'Indexed') => {
    const { resources } = governed({
      policyDefinitions: [{ name: 'regions', mode, policyRule: rule }],
      policyAssignments: [{ name: 'regions', policy: 'regions' }],
    });
    return resources.resourceGroups.createOrUpdate('rg-2', { location: 'eastus' });
  };

  expect(await refusal(make('All'))).toEqual({ code: REFUSED, status: 403 });
  await expect(make('Indexed')).resolves.toBeDefined();
});

const TAG_REQUIRED: Partial<EstateDescription> = {
  policyDefinitions: [
    {
      name: 'need-team',
      mode: 'Indexed',
      policyRule: JSON.parse(
        `{ "if": { "field": "tags['team']", "exists": "false" }, "then": { "effect": "deny" } }`,
      ),
    },
  ],
  policyAssignments: [{ name: 'need-team', policy: 'need-team' }],
};

test.for<[status: number, what: string, method: string, id: string, body?: object]>([
  [403, 'a merge that leaves it out', 'PATCH', 'bare', merge({ a: 'b' })],
  [200, 'a merge that brings it', 'PATCH', 'bare', merge({ Team: 'x' })],
  [200, 'a merge into what has it', 'PATCH', 'disk', merge({ a: 'b' })],
  [403, 'its deletion', 'PATCH', 'disk', { ...merge({ team: '' }), operation: 'Delete' }],
  [
    403,
    'a replacement without it',
    'PATCH',
    'disk',
    { ...merge({ a: 'b' }), operation: 'Replace' },
  ],
  [403, 'other tags altogether', 'PUT', 'disk', merge({ a: 'b' })],
  [403, 'no tags any more', 'DELETE', 'disk'],
])('asks policies for tags of a scope: %i for %s', async ([status, , method, name, body]) => {
  const { simulator } = governed({
    ...TAG_REQUIRED,
    disks: [
      { name: 'disk', group: 'rg', tags: { team: 'a' } },
      { name: 'bare', group: 'rg' },
    ],
  });
  const id = `${GROUP}/providers/Microsoft.Compute/disks/${name}`;
  const path = `${id}/providers/Microsoft.Resources/tags/default?api-version=2021-04-01`;
  const answered = await ask(simulator, method, path, body);

  expect(answered.status).toBe(status);
  if (status === 403) {
    expect(object(answered.body, 'error')).toMatchObject({
      code: 'RequestDisallowedByPolicy',
      target: name,
    });
  }
});

test('asks policies for tags of a VM, and leaves groups to policies of all modes', async () => {
  const { simulator } = governed({
    ...TAG_REQUIRED,
    virtualMachines: [{ name: 'vm', group: 'rg' }],
  });
  const tag = async (id: string) => {
    const path = `${id}/providers/Microsoft.Resources/tags/default?api-version=2021-04-01`;
    return (await ask(simulator, 'PATCH', path, merge({ a: 'b' }))).status;
  };
  const vm = `${GROUP}/providers/Microsoft.Compute/virtualMachines/vm`;
  const patched = await ask(simulator, 'PATCH', `${vm}?api-version=2024-07-01`, {
    tags: { a: 'b' },
  });

  expect([await tag(vm), await tag(GROUP), patched.status]).toEqual([403, 200, 403]);
});

test('takes tags that a change of a resource leaves out for gone', async () => {
  const tags = { team: 'a' };
  const { simulator } = governed({ ...TAG_REQUIRED, disks: [{ name: 'disk', group: 'rg', tags }] });
  const patch = (body: object) => ask(simulator, 'PATCH', `${DISK}?api-version=2024-03-02`, body);

  expect((await patch({ tags: { a: 'b' } })).status).toBe(403);
  expect((await patch({ properties: { tier: 'P4' } })).status).toBeLessThan(300);
});

function merge(tags: Readonly<Record<string, string>>) {
  return { operation: 'Merge', properties: { tags } };
}
