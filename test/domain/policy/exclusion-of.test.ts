import { describe, expect, test } from 'vitest';
import { exclusionOf } from '../../../src/domain/policy/exclusion-of.ts';
import {
  aPolicy,
  diskId,
  GROUP,
  OTHER_SUBSCRIPTION,
  SUBSCRIPTION,
  vmId,
} from '../../support/builders.ts';

const NOW_MS = Date.parse('2026-06-01T12:00Z');
const DISK = { id: diskId('d'), tags: {} };
const VM = { id: vmId('v'), tags: {} };

describe('by an entry of the policy', () => {
  const excluded = (scope: string, untilMs = NOW_MS + 1) => {
    const entry = { scope, owner: 'erp-team', reason: 'quarter end', untilMs };
    return exclusionOf(DISK, VM, aPolicy({ exclusions: [entry] }), NOW_MS);
  };

  test.for<[scope: string]>([
    [`/subscriptions/${SUBSCRIPTION.toUpperCase()}`],
    [GROUP],
    [`${GROUP.toUpperCase()}/`],
    [diskId('D')],
    [vmId('V')],
  ])('a disk is left alone with %s', ([scope]) => {
    expect(excluded(scope)).toEqual({
      code: 'excluded',
      owner: 'erp-team',
      reason: 'quarter end',
      untilMs: NOW_MS + 1,
    });
  });

  test.for<[scope: string]>([
    [`/subscriptions/${OTHER_SUBSCRIPTION}`],
    [`${GROUP}-2`],
    [diskId('d-2')],
    [vmId('d')],
    ['nonsense'],
  ])('a disk is not left alone with %s', ([scope]) => {
    expect(excluded(scope)).toBeNull();
  });

  test('until it ends', () => {
    expect(excluded(GROUP, NOW_MS)).toBeNull();
  });
});

describe('by tags', () => {
  const byTags = (tags: Record<string, string>) =>
    exclusionOf({ ...VM, tags }, null, aPolicy(), NOW_MS);

  test.for<[tags: Record<string, string>, code: string, untilMs: number | null, says: string]>([
    [{ 'keyturn:exclude': 'true' }, 'excluded', null, 'By the tags of v'],
    [{ 'KeyTurn:Exclude': '' }, 'excluded', null, 'By the tags of v'],
    [{ 'keyturn:exclude': 'quarter end' }, 'excluded', null, 'By the tags of v: quarter end'],
    [
      { 'keyturn:exclude-until': '2026-06-01' },
      'excluded',
      Date.parse('2026-06-02'),
      'By the tags of v',
    ],
    [
      { 'keyturn:exclude': 'x', 'keyturn:exclude-until': '2026-06-01T13:00+00:00' },
      'excluded',
      NOW_MS + 3_600_000,
      'By the tags of v: x',
    ],
    [
      { 'keyturn:exclude-until': 'next week' },
      'exclusion-unreadable',
      null,
      'The tag keyturn:exclude-until of v is no date: "next week".',
    ],
    [
      { 'keyturn:exclude': 'x', 'keyturn:exclude-until': '' },
      'exclusion-unreadable',
      null,
      'The tag keyturn:exclude-until of v is no date: "".',
    ],
  ])('a VM is left alone: %j', ([tags, code, untilMs, reason]) => {
    expect(byTags(tags)).toEqual({ code, owner: null, reason, untilMs });
  });

  test.for<[tags: Record<string, string>]>([
    [{}],
    [{ 'keyturn:exclude': 'False' }],
    [{ 'keyturn:exclude': 'x', 'keyturn:exclude-until': '2026-05-31' }],
    [{ 'keyturn:exclude-until': '2026-06-01T12:00Z' }],
    [{ constructor: 'x' }],
  ])('a VM is not left alone: %j', ([tags]) => {
    expect(byTags(tags)).toBeNull();
  });

  test('a disk is left alone with its VM, not a VM with one disk', () => {
    const tagged = { 'keyturn:exclude': 'x' };

    expect(exclusionOf(DISK, { ...VM, tags: tagged }, aPolicy(), NOW_MS)).not.toBeNull();
    expect(exclusionOf({ ...DISK, tags: tagged }, VM, aPolicy(), NOW_MS)).not.toBeNull();
    expect(exclusionOf(VM, null, aPolicy(), NOW_MS)).toBeNull();
  });
});

test.for<[value: string, reason: string | null]>([
  ['TRUE', 'By the tags of d'],
  [' ', 'By the tags of d'],
  [' false ', null],
  [' Quarter end ', 'By the tags of d: Quarter end'],
])('the tag "%s" says why: %s', ([value, reason]) => {
  const disk = { ...DISK, tags: { 'keyturn:exclude': value } };

  expect(exclusionOf(disk, null, aPolicy(), NOW_MS)?.reason ?? null).toBe(reason);
});
