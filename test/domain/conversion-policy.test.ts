import { describe, expect, test } from 'vitest';
import { type ArmScope, parseArmScope } from '../../src/domain/arm-id.ts';
import { isInScope, type ScopeEntry } from '../../src/domain/conversion-policy.ts';
import {
  aPolicy,
  diskId,
  GROUP,
  OTHER_SUBSCRIPTION,
  SUBSCRIPTION,
  vmId,
} from '../support/builders.ts';

const ALL: ScopeEntry = { subscriptionId: SUBSCRIPTION, resourceGroups: null };
const TWO_GROUPS: ScopeEntry = {
  subscriptionId: SUBSCRIPTION,
  resourceGroups: ['rg-crm', 'RG-ERP'],
};
const ELSEWHERE: ScopeEntry = { subscriptionId: OTHER_SUBSCRIPTION, resourceGroups: null };

describe('a resource', () => {
  test.for<[what: string, isIn: boolean, id: string, scope: readonly ScopeEntry[]]>([
    ['of the subscription', true, diskId('d'), [ALL]],
    ['of the subscription, in another case', true, vmId('v').toUpperCase(), [ALL]],
    ['of one of the groups, in another case', true, diskId('d'), [TWO_GROUPS]],
    ['named by the second entry', true, diskId('d'), [ELSEWHERE, TWO_GROUPS]],
    ['of another group', false, diskId('d', `${GROUP}-2`), [TWO_GROUPS]],
    ['of another subscription', false, diskId('d'), [ELSEWHERE]],
    [
      'of a group of that name elsewhere',
      false,
      diskId('d'),
      [{ subscriptionId: OTHER_SUBSCRIPTION, resourceGroups: ['rg-erp'] }],
    ],
    ['under an empty scope', false, diskId('d'), []],
    [
      'under an empty list of groups',
      false,
      diskId('d'),
      [{ subscriptionId: SUBSCRIPTION, resourceGroups: [] }],
    ],
    ['that is none', false, 'data-1', [ALL]],
    ['that is a trick', false, `${diskId('d')}/../../..`, [ALL]],
  ])('%s: %s', ([, isIn, id, scope]) => {
    expect(isInScope(id, aPolicy({ scope }))).toBe(isIn);
  });
});

describe('a scope', () => {
  test.for<[what: string, isIn: boolean, id: string, scope: readonly ScopeEntry[]]>([
    ['a disk in a named group', true, diskId('d'), [TWO_GROUPS]],
    ['a VM in another group', false, vmId('v', `${GROUP}-2`), [TWO_GROUPS]],
    ['a named group', true, GROUP, [TWO_GROUPS]],
    ['another group', false, `${GROUP}-2`, [TWO_GROUPS]],
    ['any group of the subscription', true, `${GROUP}-2`, [ALL]],
    ['the subscription', true, `/subscriptions/${SUBSCRIPTION}`, [ALL]],
    [
      'a subscription of which groups are named',
      true,
      `/subscriptions/${SUBSCRIPTION}`,
      [TWO_GROUPS],
    ],
    ['another subscription', false, `/subscriptions/${SUBSCRIPTION}`, [ELSEWHERE]],
    ['anything under an empty scope', false, `/subscriptions/${SUBSCRIPTION}`, []],
  ])('%s: %s', ([, isIn, id, scope]) => {
    expect(isInScope(scopeOf(id), aPolicy({ scope }))).toBe(isIn);
  });
});

function scopeOf(id: string): ArmScope {
  const scope = parseArmScope(id);
  if (scope === null) throw new Error(`${id} is no scope`);
  return scope;
}
