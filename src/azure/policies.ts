import type { Disk } from '../domain/disk.ts';
import type { KeyPolicyExemption, PolicyRefusal } from '../domain/judge-policies.ts';
import type { ArmRequest } from './arm-request.ts';
import type { Answer, Azure, Encryption } from './azure.ts';
import { ask } from './errors.ts';
import { listAll, mapped } from './list-all.ts';
import type { Resource } from './pages.ts';
import { placeOf } from './place-of.ts';
import { remember } from './remember.ts';

/** Source: REST reference, Policy Insights, and Policy Exemptions, Assignments, Definition Sets. */
const CHECK = '2024-10-01';
const EXEMPTIONS = '2022-07-01-preview';
const ASSIGNMENTS = '2023-04-01';
const DISKS = '2025-01-02';

/**
 * Built-in policies that want disks on a customer-managed key: of any set, of one of some sets, and
 * the one of Mission landing zones. Source: the public repository of built-in policies.
 */
const KEY_POLICIES = [
  '702dd420-7fcc-42c5-afe8-4026edd20fe0',
  'd461a302-a187-421a-89ac-84acdb4edc04',
  '59953f11-df7f-48b1-870f-1780ed07348e',
];

/** What Azure Policy says about disks. */
export function policyCalls(
  request: ArmRequest,
): Pick<Azure, 'askPolicies' | 'listKeyPolicyExemptions'> {
  const check = (group: string, resourceDetails: object) =>
    checkRestrictions(request, group, resourceDetails);
  // Disks that are alike are refused alike.
  const checkOnce = remember((question) => {
    const { group, resourceContent } = JSON.parse(question) as {
      readonly group: string;
      readonly resourceContent: object;
    };
    return check(group, { resourceContent, apiVersion: DISKS });
  });
  const exemptionsIn = remember((subscriptionId) => keyExemptions(request, subscriptionId));

  return {
    askPolicies: async (disk, encryption) => {
      const { subscriptionId, resourceGroup, name } = placeOf(disk.id);
      const group = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
      const resourceContent = contentOf(disk, encryption);
      const likely = await checkOnce(JSON.stringify({ group, resourceContent }));
      if (likely.status !== 'ok' || likely.value.length === 0) return likely;

      // By its name it may be exempt, and what was left out may be what the policy wants.
      const whole = await ask('read disk', () => request('GET', disk.id, DISKS));
      if (whole.status !== 'ok') return whole;
      const named = {
        ...withEncryption(whole.value, encryption),
        type: resourceContent.type,
        name,
      };
      return check(group, { resourceContent: named, apiVersion: DISKS, scope: group });
    },
    listKeyPolicyExemptions: (resourceId) => exemptionsIn(placeOf(resourceId).subscriptionId),
  };
}

function contentOf({ region, sku, tags }: Disk, encryption: Encryption) {
  return {
    type: 'Microsoft.Compute/disks',
    location: region,
    tags,
    sku: { name: sku },
    properties: { encryption },
  };
}

function withEncryption(disk: unknown, encryption: Encryption): object {
  const { properties, ...rest } = (disk ?? {}) as { readonly properties?: object };
  return { ...rest, properties: { ...properties, encryption } };
}

interface Evaluation {
  readonly policyInfo?: { readonly policyAssignmentId?: string };
  readonly evaluationResult?: string;
  readonly evaluationDetails?: { readonly reason?: string };
  readonly effectDetails?: { readonly policyEffect?: string };
}

/** Only what denies; audits are not asked for. */
async function checkRestrictions(
  request: ArmRequest,
  group: string,
  resourceDetails: object,
): Promise<Answer<readonly PolicyRefusal[]>> {
  const path = `${group}/providers/Microsoft.PolicyInsights/checkPolicyRestrictions`;
  const answer = await ask('check policy restrictions', () =>
    request('POST', path, CHECK, { resourceDetails }),
  );
  if (answer.status === 'ok' && answer.value === null) {
    return { status: 'refused', code: 'NotFound', message: 'Azure Policy gave no answer.' };
  }
  return mapped(answer, (body) => {
    const { contentEvaluationResult } = body as {
      readonly contentEvaluationResult?: { readonly policyEvaluations?: readonly Evaluation[] };
    };
    return (contentEvaluationResult?.policyEvaluations ?? [])
      .filter(({ evaluationResult }) => evaluationResult === 'NonCompliant')
      .filter(({ effectDetails }) => /^deny$/i.test(effectDetails?.policyEffect ?? 'deny'))
      .map(({ policyInfo, evaluationDetails }) => ({
        assignmentId: policyInfo?.policyAssignmentId ?? 'a policy',
        reason: evaluationDetails?.reason ?? '',
      }));
  });
}

/** Reads what assignments are about only where something is exempt at all. */
async function keyExemptions(
  request: ArmRequest,
  subscriptionId: string,
): Promise<Answer<readonly KeyPolicyExemption[]>> {
  const subscription = `/subscriptions/${subscriptionId}`;
  const path = `${subscription}/providers/Microsoft.Authorization/policyExemptions`;
  const listed = await listAll(request, 'list policy exemptions', path, EXEMPTIONS);
  if (listed.status !== 'ok') return listed;

  const found: KeyPolicyExemption[] = [];
  for (const exemption of listed.value) {
    const about = await isAboutKeys(request, propertiesOf(exemption));
    if (about.status !== 'ok') return about;
    if (about.value) found.push(toExemption(exemption, subscription));
  }
  return { status: 'ok', value: found };
}

interface Exempt {
  readonly policyAssignmentId?: string;
  readonly policyDefinitionReferenceIds?: readonly string[];
  readonly expiresOn?: string;
}

async function isAboutKeys(
  request: ArmRequest,
  { policyAssignmentId, policyDefinitionReferenceIds: parts = [] }: Exempt,
): Promise<Answer<boolean>> {
  const read = (what: string, id: string) =>
    ask(what, async () => (await request('GET', id, ASSIGNMENTS)) as Resource);
  const assignment = await read('read policy assignment', policyAssignmentId ?? '');
  if (assignment.status !== 'ok') return assignment;
  const definitionId = String(propertiesOf(assignment.value)['policyDefinitionId'] ?? '');
  if (!/\/policySetDefinitions\//i.test(definitionId)) {
    return { status: 'ok', value: isKeyPolicy(definitionId) };
  }
  const set = await read('read policy set definition', definitionId);
  return mapped(set, (it) => {
    const { policyDefinitions = [] } = propertiesOf(it) as {
      readonly policyDefinitions?: readonly {
        readonly policyDefinitionId: string;
        readonly policyDefinitionReferenceId?: string;
      }[];
    };
    return policyDefinitions
      .filter(({ policyDefinitionReferenceId: part = '' }) => isNamed(parts, part))
      .some(({ policyDefinitionId }) => isKeyPolicy(policyDefinitionId));
  });
}

/** Where no part of an initiative is named, all of it is exempt. */
function isNamed(parts: readonly string[], part: string): boolean {
  return parts.length === 0 || parts.some((each) => each.toLowerCase() === part.toLowerCase());
}

function isKeyPolicy(definitionId: string): boolean {
  return KEY_POLICIES.some((guid) => definitionId.toLowerCase().endsWith(`/${guid}`));
}

function toExemption(exemption: Resource, subscription: string): KeyPolicyExemption {
  const { expiresOn } = propertiesOf(exemption) as Exempt;
  const at = exemption.id.toLowerCase().indexOf('/providers/microsoft.authorization/');
  const scope = exemption.id.slice(0, at);
  return {
    id: exemption.id,
    // What is exempt in a management group is exempt in the subscription below it.
    scope: scope.toLowerCase().startsWith('/subscriptions/') ? scope : subscription,
    expiresAtMs: expiresOn ? Date.parse(expiresOn) : null,
  };
}

function propertiesOf(resource: Resource | null): Readonly<Record<string, unknown>> & Exempt {
  return (resource?.['properties'] ?? {}) as Readonly<Record<string, unknown>>;
}
