import { type Fields, list } from './shape.ts';

const DEFINED: Fields = { name: 'text', 'scope?': 'text', 'displayName?': 'text' };

/** The fields of a `GovernanceDescription`. */
export const GOVERNANCE: Fields = {
  'managementGroups?': list({
    name: 'text',
    'displayName?': 'text',
    'parent?': 'text',
    'subscriptions?': 'texts',
  }),
  'denyAssignments?': list({
    name: 'text',
    scope: 'text',
    actions: 'texts',
    'notActions?': 'texts',
    'principals?': 'texts',
    'excludePrincipals?': 'texts',
  }),
  'policyDefinitions?': list({
    ...DEFINED,
    'mode?': { oneOf: ['All', 'Indexed'] },
    'parameters?': 'json',
    policyRule: 'json',
  }),
  'policySets?': list({
    ...DEFINED,
    policies: list({ policy: 'text', referenceId: 'text', 'parameters?': 'json' }),
  }),
  'policyAssignments?': list({
    ...DEFINED,
    policy: 'text',
    'enforcementMode?': { oneOf: ['Default', 'DoNotEnforce'] },
    'notScopes?': 'texts',
    'parameters?': 'json',
    'message?': 'text',
  }),
  'policyExemptions?': list({
    name: 'text',
    assignment: 'text',
    scope: 'text',
    'category?': { oneOf: ['Waiver', 'Mitigated'] },
    'expiresInDays?': 'number',
    'referenceIds?': 'texts',
  }),
};
