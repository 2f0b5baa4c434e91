import { ArmError } from '../arm/arm-error.ts';
import { BUILT_IN_POLICIES } from '../azure-policy/built-in-policies.ts';
import { readPolicyRule } from '../azure-policy/policy-rule.ts';
import type { EstateDescription } from './estate-description.ts';

/** What is not there, and which policies are not simulated; each with its JSON path. */
export function brokenGovernance(estate: EstateDescription): readonly string[] {
  const { managementGroups = [], policyDefinitions = [], policySets = [] } = estate;
  const { policyAssignments = [], policyExemptions = [] } = estate;
  const groups = new Set(managementGroups.map(({ name }) => name));
  const policies = new Set([
    ...BUILT_IN_POLICIES.flatMap(({ id, name }) => [id, name]),
    ...policyDefinitions.map(({ name }) => name),
  ]);
  const assignable = new Set([...policies, ...policySets.map(({ name }) => name)]);
  const assigned = new Set(policyAssignments.map(({ name }) => name));
  const missing = (names: ReadonlySet<string>, name: string | undefined, path: string) =>
    name === undefined || names.has(name) ? [] : [`${path}: nothing is called ${name}`];
  return [
    ...managementGroups.flatMap(({ name, parent }, index) => [
      ...missing(groups, parent, `$.managementGroups[${index}].parent`),
      ...(isBelowItself(name, estate) ? [`$.managementGroups[${index}]: lies below itself`] : []),
    ]),
    ...policyDefinitions.flatMap(({ policyRule }, index) =>
      unknownIn(policyRule).map((what) => `$.policyDefinitions[${index}].policyRule: ${what}`),
    ),
    ...policySets.flatMap(({ policies: members }, index) =>
      members.flatMap(({ policy }, at) =>
        missing(policies, policy, `$.policySets[${index}].policies[${at}].policy`),
      ),
    ),
    ...policyAssignments.flatMap(({ policy }, index) =>
      missing(assignable, policy, `$.policyAssignments[${index}].policy`),
    ),
    ...policyExemptions.flatMap(({ assignment }, index) =>
      missing(assigned, assignment, `$.policyExemptions[${index}].assignment`),
    ),
  ];
}

function unknownIn(rule: unknown): readonly string[] {
  try {
    readPolicyRule(rule);
    return [];
  } catch (error) {
    if (error instanceof ArmError) return [error.message];
    throw error;
  }
}

function isBelowItself(name: string, { managementGroups = [] }: EstateDescription): boolean {
  const parents = new Map(managementGroups.map((it) => [it.name, it.parent]));
  let above = parents.get(name);
  for (let steps = 0; above !== undefined && steps <= parents.size; steps += 1) {
    if (above === name) return true;
    above = parents.get(above);
  }
  return false;
}
