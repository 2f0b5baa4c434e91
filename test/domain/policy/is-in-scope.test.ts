import { describe, expect, test } from 'vitest';
import { type ArmScope, parseArmScope } from '../../../src/domain/azure/arm-id.ts';
import type { ScopeEntry } from '../../../src/domain/policy/conversion-policy.ts';
import { isInScope, mayBeInScope } from '../../../src/domain/policy/is-in-scope.ts';
import {
  aPolicy,
  aScope,
  diskId,
  GROUP,
  OTHER_SUBSCRIPTION,
  SUBSCRIPTION,
  vmId,
} from '../../support/builders.ts';

const ALL = aScope(SUBSCRIPTION);
const TWO_GROUPS = aScope(SUBSCRIPTION, { resourceGroups: ['rg-crm', 'RG-ERP'] });
const ELSEWHERE = aScope(OTHER_SUBSCRIPTION);

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
      [aScope(OTHER_SUBSCRIPTION, { resourceGroups: ['rg-erp'] })],
    ],
    ['under an empty scope', false, diskId('d'), []],
    [
      'under an empty list of groups',
      false,
      diskId('d'),
      [aScope(SUBSCRIPTION, { resourceGroups: [] })],
    ],
    ['that is none', false, 'data-1', [ALL]],
    ['that is a trick', false, `${diskId('d')}/../../..`, [ALL]],
  ])('%s: %s', ([, isIn, id, scope]) => {
    const policy = aPolicy({ scope });

    expect(mayBeInScope(id, policy)).toBe(isIn);
    expect(isInScope({ id, region: 'westeurope', tags: {} }, policy)).toBe(isIn);
  });
});

const PROD_IN_EUROPE = aScope(SUBSCRIPTION, {
  regions: ['westeurope', 'northeurope'],
  tags: { env: 'prod', Team: 'erp' },
});

describe('by region and tags, a resource', () => {
  const tags = { ENV: 'prod', team: 'erp', more: 'x' };

  test.for<[what: string, isIn: boolean, region: string, tags: Record<string, string>]>([
    ['that meets all of them, in any case of their names', true, 'WestEurope', tags],
    ['of another region', false, 'eastus', tags],
    ['with another value', false, 'westeurope', { ...tags, ENV: 'Prod' }],
    ['without one of the tags', false, 'westeurope', { env: 'prod' }],
    ['without tags', false, 'westeurope', {}],
    ['with a member of every object for a tag', false, 'westeurope', { constructor: 'x' }],
  ])('%s: %s', ([, isIn, region, ofResource]) => {
    const policy = aPolicy({ scope: [ELSEWHERE, PROD_IN_EUROPE] });

    expect(isInScope({ id: diskId('d'), region, tags: ofResource }, policy)).toBe(isIn);
  });

  test('may be in scope until it is read, unless its region is known', () => {
    const policy = aPolicy({ scope: [PROD_IN_EUROPE] });

    expect(mayBeInScope(diskId('d'), policy)).toBe(true);
    expect(mayBeInScope(diskId('d'), policy, 'northeurope')).toBe(true);
    expect(mayBeInScope(diskId('d'), policy, 'eastus')).toBe(false);
  });

  test('must meet one entry whole, not parts of two', () => {
    const scope = [
      aScope(SUBSCRIPTION, { regions: ['eastus'] }),
      aScope(SUBSCRIPTION, { tags: { env: 'prod' } }),
    ];

    const resource = { id: diskId('d'), region: 'westeurope', tags: { env: 'test' } };
    expect(isInScope(resource, aPolicy({ scope }))).toBe(false);
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
    expect(mayBeInScope(scopeOf(id), aPolicy({ scope }))).toBe(isIn);
  });
});

function scopeOf(id: string): ArmScope {
  const scope = parseArmScope(id);
  if (scope === null) throw new Error(`${id} is no scope`);
  return scope;
}
