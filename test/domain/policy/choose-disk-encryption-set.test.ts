import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseDiskEncryptionSet } from '../../../src/domain/policy/choose-disk-encryption-set.ts';
import type { SetRule } from '../../../src/domain/policy/conversion-policy.ts';
import {
  aDisk,
  aPolicy,
  aRule,
  CUSTOMER_KEY,
  DOUBLE_KEY,
  OTHER_SUBSCRIPTION,
  SUBSCRIPTION,
  setId,
} from '../../support/builders.ts';

const [A, B, C] = ['des-a', 'des-b', 'des-c'].map((name) => setId(name)) as [
  string,
  string,
  string,
];

function choose(rules: readonly SetRule[], disk = aDisk(), vmTags: Record<string, string> = {}) {
  return chooseDiskEncryptionSet(disk, vmTags, aPolicy({ encryptionSets: rules }));
}

const chosen = (setId: string) => expect.objectContaining({ kind: 'chosen', setId });
const PROD = { tags: { env: 'prod' } };
const WEU = { regions: ['eastus', 'westeurope'] };

describe('of rules', () => {
  test.for<[what: string, set: string | null, rules: readonly SetRule[]]>([
    ['none', null, []],
    ['one without conditions', A, [aRule(A)]],
    ['one for the region, in another case', A, [aRule(A, { regions: ['WESTEUROPE'] })]],
    ['one for another region', null, [aRule(A, { regions: ['eastus'] })]],
    ['one for the subscription', A, [aRule(A, { subscriptions: [SUBSCRIPTION.toUpperCase()] })]],
    ['one for another subscription', null, [aRule(A, { subscriptions: [OTHER_SUBSCRIPTION] })]],
    ['one for a tag that is not there', null, [aRule(A, PROD)]],
    ['a more specific one, whatever the order', B, [aRule(A), aRule(B, WEU)]],
    ['a more specific one, whatever the order', B, [aRule(B, WEU), aRule(A)]],
    ['a more specific one that does not fit', A, [aRule(A), aRule(B, { ...WEU, ...PROD })]],
    ['two that tie for one set', A, [aRule(A, WEU), aRule(A.toUpperCase(), WEU)]],
  ])('%s: %s', ([, set, rules]) => {
    expect(choose(rules)).toEqual(set === null ? { kind: 'none' } : chosen(set));
  });

  test('those that tie for different sets are ambiguous, and all are named', () => {
    const rules = [aRule(C), aRule(A, WEU), aRule(B, PROD), aRule(B.toUpperCase(), PROD)];
    const choice = choose(rules, aDisk({ tags: { ENV: 'prod' } }));

    expect(choice).toEqual({ kind: 'ambiguous', setIds: [A, B] });
    expect(choose([...rules, aRule(C, { ...WEU, ...PROD })], aDisk(PROD))).toEqual(chosen(C));
  });

  test("the VM's tags count where the disk's own say nothing", () => {
    const rules = [aRule(A, PROD), aRule(B)];

    expect(choose(rules, aDisk(), { Env: 'prod' })).toEqual(chosen(A));
    expect(choose(rules, aDisk({ tags: { env: 'test' } }), { Env: 'prod' })).toEqual(chosen(B));
  });

  test('one for double encryption is passed over for disks that cannot have it', () => {
    const rules = [aRule(A, { encryptionType: DOUBLE_KEY }), aRule(B)];

    expect(choose(rules)).toEqual(chosen(A));
    expect(choose(rules, aDisk({ sku: 'UltraSSD_LRS' }))).toEqual(chosen(B));
    expect(choose(rules, aDisk({ sku: 'PREMIUMV2_LRS' }))).toEqual(chosen(B));
  });
});

test('the order of the rules never counts', () => {
  const rule = fc.record({
    set: fc.constantFrom(A, B, C),
    regions: fc.constantFrom(null, ['westeurope'], ['eastus']),
    subscriptions: fc.constantFrom(null, [SUBSCRIPTION], [OTHER_SUBSCRIPTION]),
    tags: fc.constantFrom({}, { env: 'prod' }, { env: 'test' }, { env: 'prod', tier: '1' }),
    encryptionType: fc.constantFrom<SetRule['encryptionType'][]>(null, CUSTOMER_KEY, DOUBLE_KEY),
  });
  const disk = aDisk({ tags: { env: 'prod', tier: '1' } });
  const named = (rules: readonly SetRule[]) => {
    const choice = choose(rules, disk);
    if (choice.kind === 'chosen') return [choice.setId];
    return choice.kind === 'ambiguous' ? choice.setIds.toSorted() : [];
  };

  fc.assert(
    fc.property(fc.array(rule, { maxLength: 6 }), (rules) => {
      expect(named(rules)).toEqual(named(rules.toReversed()));
      expect(new Set(named(rules)).size).toBe(named(rules).length);
    }),
  );
});

test('a rule is for each of its subscriptions', () => {
  const disk = aDisk();
  for (const subscriptions of [
    [SUBSCRIPTION, OTHER_SUBSCRIPTION],
    [OTHER_SUBSCRIPTION, SUBSCRIPTION],
  ]) {
    const policy = aPolicy({ encryptionSets: [aRule(setId('a'), { subscriptions })] });

    expect(chooseDiskEncryptionSet(disk, {}, policy)).toMatchObject({ setId: setId('a') });
  }
});
