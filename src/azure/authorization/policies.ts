import { sameId } from '../../domain/azure/arm-id.ts';
import type { Disk } from '../../domain/azure/disk.ts';
import type { KeyPolicyExemption, PolicyRefusal } from '../../domain/gate/judge-policies.ts';
import type { ArmRequest } from '../arm/arm-request.ts';
import { ask } from '../arm/errors.ts';
import { listAll, mapped, propertiesOf } from '../arm/list-all.ts';
import type { Resource } from '../arm/pages.ts';
import { placeOf } from '../arm/place-of.ts';
import { remember } from '../arm/remember.ts';
import type { Answer, Azure, Encryption } from '../azure.ts';

/** Source: REST reference, Policy Insights, and Policy Exemptions, Assignments, Definition Sets. */
const CHECK = '2024-10-01';
const EXEMPTIONS = '2022-07-01-preview';
const ASSIGNMENTS = '2023-04-01';
const DISKS = '2025-01-02';
const MACHINES = '2024-07-01';

/**
 * Built-in policies that want disks on a customer-managed key: of any set, of one of some sets, and
 * the one of Mission landing zones. Source: the public repository of built-in policies.
 */
const KEY_POLICIES = [
  '702dd420-7fcc-42c5-afe8-4026edd20fe0',
  'd461a302-a187-421a-89ac-84acdb4edc04',
  '59953f11-df7f-48b1-870f-1780ed07348e',
];

/** What Azure Policy says about disks, and about tags of VMs. */
export function policyCalls(
  request: ArmRequest,
): Pick<Azure, 'askPolicies' | 'askPoliciesOfTag' | 'listKeyPolicyExemptions'> {
  // What is alike is refused alike.
  const checkOnce = remember((question) => {
    const { group, resourceDetails } = JSON.parse(question) as {
      readonly group: string;
      readonly resourceDetails: object;
    };
    return checkRestrictions(request, group, resourceDetails);
  });
  const check = (group: string, resourceDetails: object) =>
    checkOnce(JSON.stringify({ group, resourceDetails }));
  // Nothing is refused where nothing is assigned, above the subscription and within it.
  const assignedIn = remember((subscriptionId) => {
    const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/policyAssignments`;
    return listAll(request, 'list policy assignments', path, ASSIGNMENTS);
  });
  const isFree = async (subscriptionId: string): Promise<boolean> => {
    const assigned = await assignedIn(subscriptionId);
    return assigned.status === 'ok' && assigned.value.length === 0;
  };
  const exemptionsIn = remember((subscriptionId) => keyExemptions(request, subscriptionId));

  // A write of tags is judged as one of the resource with its tags as they would become: assumed,
  // as reports show refusals for tags that are missing, and for the image of the VM. A policy may
  // speak of anything, so the whole VM is asked about.
  const askOfTag = async (vmId: string, tag: string): Promise<Answer<readonly PolicyRefusal[]>> => {
    const { subscriptionId, resourceGroup, name } = placeOf(vmId);
    if (await isFree(subscriptionId)) return NO_REFUSAL;
    const group = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
    const whole = await ask('read virtual machine', () => request('GET', vmId, MACHINES));
    if (whole.status !== 'ok') return whole;
    if (whole.value === null) return { status: 'ok', value: [] };
    const { tags, ...vm } = whole.value as { readonly tags?: object };
    const type = 'Microsoft.Compute/virtualMachines';
    const resourceContent = { ...vm, tags: { ...tags, [tag]: '' }, type, name };
    return check(group, { resourceContent, apiVersion: MACHINES, scope: group });
  };

  return {
    askPolicies: async (disk, encryption) => {
      const { subscriptionId, resourceGroup, name } = placeOf(disk.id);
      if (await isFree(subscriptionId)) return NO_REFUSAL;
      const group = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
      const resourceContent = contentOf(disk, encryption);
      const likely = await check(group, { resourceContent, apiVersion: DISKS });
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
    askPoliciesOfTag: askOfTag,
    listKeyPolicyExemptions: (resourceId) => exemptionsIn(placeOf(resourceId).subscriptionId),
  };
}

const NO_REFUSAL: Answer<readonly PolicyRefusal[]> = { status: 'ok', value: [] };

function contentOf({ region, sku, tags, managedBy }: Disk, encryption: Encryption) {
  return {
    type: 'Microsoft.Compute/disks',
    location: region,
    tags,
    sku: { name: sku },
    ...(managedBy === null ? {} : { managedBy }),
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
  const list = (kind: string, apiVersion: string) => {
    const path = `${subscription}/providers/Microsoft.Authorization/${kind}`;
    return listAll(request, `list ${kind}`, path, apiVersion);
  };
  const exemptions = await list('policyExemptions', EXEMPTIONS);
  if (exemptions.status !== 'ok' || exemptions.value.length === 0) {
    return mapped(exemptions, () => []);
  }
  // The list holds those of management groups above too, which by ID need a right up there.
  const assignments = await list('policyAssignments', ASSIGNMENTS);
  if (assignments.status === 'throttled') return assignments;

  const found: KeyPolicyExemption[] = [];
  for (const exemption of exemptions.value) {
    const exempt = propertiesOf<Exempt>(exemption);
    const assigned =
      assignments.status === 'ok'
        ? assignments.value.find(({ id }) => sameId(id, exempt.policyAssignmentId ?? ''))
        : undefined;
    const about = assigned ? await aboutKeys(request, exempt, assigned) : UNKNOWN;
    if (about.status === 'throttled') return about;
    const isAboutKeys = about.status === 'ok' ? about.value : null;
    if (isAboutKeys !== false) found.push(toExemption(exemption, subscription, isAboutKeys));
  }
  return { status: 'ok', value: found };
}

const UNKNOWN: Answer<null> = { status: 'ok', value: null };

interface Exempt {
  readonly policyAssignmentId: string;
  readonly policyDefinitionReferenceIds: readonly string[];
  readonly expiresOn: string;
}

interface SetDefinition {
  readonly policyDefinitions: readonly {
    readonly policyDefinitionId: string;
    readonly policyDefinitionReferenceId?: string;
  }[];
}

async function aboutKeys(
  request: ArmRequest,
  { policyDefinitionReferenceIds: parts = [] }: Partial<Exempt>,
  assignment: Resource,
): Promise<Answer<boolean | null>> {
  const assigned = propertiesOf<{ readonly policyDefinitionId: string }>(assignment);
  const definitionId = assigned.policyDefinitionId ?? '';
  if (!/\/policySetDefinitions\//i.test(definitionId)) {
    return { status: 'ok', value: isKeyPolicy(definitionId) };
  }
  const read = await ask('read policy set definition', () =>
    request('GET', definitionId, ASSIGNMENTS),
  );
  return mapped(read, (set) => {
    if (set === null) return null;
    const { policyDefinitions = [] } = propertiesOf<SetDefinition>(set as Resource);
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

function toExemption(
  exemption: Resource,
  subscription: string,
  isAboutKeys: true | null,
): KeyPolicyExemption {
  const { expiresOn } = propertiesOf<Exempt>(exemption);
  const at = exemption.id.toLowerCase().indexOf('/providers/microsoft.authorization/');
  const scope = exemption.id.slice(0, at);
  return {
    id: exemption.id,
    // What is exempt in a management group is exempt in the subscription below it.
    scope: scope.toLowerCase().startsWith('/subscriptions/') ? scope : subscription,
    expiresAtMs: expiresOn ? Date.parse(expiresOn) : null,
    isAboutKeys,
  };
}
