import { expect, test } from 'vitest';
import {
  type Approval,
  askedAgain,
  askedAnew,
  decideApproval,
  standsFor,
  useApproval,
} from '../../../src/domain/turn/approval.ts';
import { vmId } from '../../support/builders.ts';

const anna = { objectId: '11111111-0000-0000-0000-000000000001', name: 'anna@contoso.com' };
const ben = { objectId: '22222222-0000-0000-0000-000000000002', name: 'ben@contoso.com' };

function anApproval(differences: Partial<Approval> = {}): Approval {
  return {
    id: 'a1',
    vmId: vmId('vm-1'),
    planDigest: 'plan-1',
    requestedBy: { kind: 'person', person: anna, requestId: 'request-1' },
    requestedAtMs: 1_000,
    deadlineMs: 5_000,
    decision: null,
    usedBy: null,
    earlier: [],
    ...differences,
  };
}

const yes = {
  kind: 'approved',
  by: ben,
  atMs: 2_000,
  reason: 'seen',
  planDigest: 'plan-1',
} as const;
const { planDigest: _, ...yesOnly } = yes;
const approved = anApproval({ decision: yesOnly });
const rejected = anApproval({ decision: { ...yesOnly, kind: 'rejected' } });
const rule = { notByRequester: true };

test.for([['approved'], ['rejected']] as const)(
  'a person other than the requester %s',
  ([kind]) => {
    expect(decideApproval(anApproval(), { ...yes, kind }, rule)).toEqual({
      kind: 'accepted',
      approval: anApproval({ decision: { ...yesOnly, kind } }),
    });
  },
);

test.for<[what: string, standing: Approval | null, decision: object, reason: string]>([
  ['nothing was asked', null, {}, 'unknown'],
  ['it is about another plan', anApproval(), { planDigest: 'plan-2' }, 'other-plan'],
  ['it is late', anApproval(), { atMs: 5_000 }, 'late'],
  ['it is by the requester', anApproval(), { by: anna }, 'requester'],
  [
    'it is by the requester under another name',
    anApproval(),
    { by: { objectId: anna.objectId.toUpperCase(), name: 'a' } },
    'requester',
  ],
  ['another has decided', approved, { by: { ...ben, objectId: 'x' } }, 'duplicate'],
  ['it was decided otherwise', approved, { kind: 'rejected' }, 'duplicate'],
])('a decision is refused when %s', ([, standing, decision, reason]) => {
  expect(decideApproval(standing, { ...yes, ...decision }, rule)).toEqual({
    kind: 'refused',
    reason,
  });
});

test('the same decision by the same person is no second one, late as it may come', () => {
  expect(decideApproval(approved, { ...yes, atMs: 9_000 }, rule)).toEqual({
    kind: 'accepted',
    approval: approved,
  });
});

test.for([
  ['where the policy lets them', anApproval(), { notByRequester: false }, anna],
  [
    'when no person asked',
    anApproval({ requestedBy: { kind: 'sweep', person: null, requestId: null } }),
    rule,
    anna,
  ],
] as const)('anyone may decide %s', ([, standing, allowed, by]) => {
  expect(decideApproval(standing, { ...yes, by }, allowed).kind).toBe('accepted');
});

test('one instance uses an approval, as often as it asks', () => {
  const used = { ...approved, usedBy: 'vm-1' };
  const use = { planDigest: 'plan-1', usedBy: 'vm-1', atMs: 4_999 };

  expect(useApproval(approved, use)).toEqual({ kind: 'accepted', approval: used });
  expect(useApproval(used, use)).toEqual({ kind: 'accepted', approval: used });
  expect(useApproval(used, { ...use, usedBy: 'vm-2' })).toMatchObject({ reason: 'duplicate' });
});

test.for<[what: string, standing: Approval | null, reason: string]>([
  ['there is none', null, 'unknown'],
  ['nobody has decided', anApproval(), 'not-approved'],
  ['the answer was no', rejected, 'not-approved'],
  ['another plan was approved', { ...approved, planDigest: 'plan-0' }, 'other-plan'],
  ['the deadline has passed', { ...approved, deadlineMs: 3_000 }, 'late'],
  ['it has passed for who uses it', { ...approved, deadlineMs: 3_000, usedBy: 'vm-1' }, 'late'],
])('nothing is used when %s', ([, standing, reason]) => {
  expect(useApproval(standing, { planDigest: 'plan-1', usedBy: 'vm-1', atMs: 3_000 })).toEqual({
    kind: 'refused',
    reason,
  });
});

test.for<[what: string, standing: Approval, atMs: number, stands: boolean]>([
  ['a request in time', anApproval(), 4_999, true],
  ['a late request', anApproval(), 5_000, false],
  ['a no in time', rejected, 4_999, true],
  ['a no after the deadline', rejected, 5_000, false],
  ['a yes in time', approved, 4_999, true],
  ['a yes after the deadline', approved, 5_000, false],
  ['a yes that was used', { ...approved, usedBy: 'vm-1' }, 2_000, false],
  ['a yes to another plan', { ...approved, planDigest: 'plan-0' }, 2_000, false],
])('whether %s answers for a new request', ([, standing, requestedAtMs, stands]) => {
  expect(standsFor(standing, { ...anApproval(), requestedAtMs })).toBe(stands);
});

test('a new request keeps what was decided before, and nothing that was not', () => {
  const wanted = { ...anApproval(), planDigest: 'plan-2' };
  const { planDigest, usedBy, earlier } = askedAnew(rejected, wanted, 'a1');
  expect([planDigest, usedBy]).toEqual(['plan-2', null]);
  const no = { ...yesOnly, kind: 'rejected', planDigest: 'plan-1', usedBy: null };
  expect(earlier).toEqual([no]);

  const used = { ...approved, usedBy: 'vm-1', earlier };
  expect(askedAnew(used, wanted, 'a1').earlier).toEqual([
    no,
    { ...yesOnly, planDigest: 'plan-1', usedBy: 'vm-1' },
  ]);
  expect(askedAnew(anApproval({ earlier }), wanted, 'a1').earlier).toEqual(earlier);
  expect(askedAnew(null, wanted, 'a1')).toEqual(anApproval({ planDigest: 'plan-2' }));
});

test('the first person who asks takes the place of an event or a sweep, until it is decided', () => {
  const sweep = { kind: 'sweep', person: null, requestId: null } as const;
  const bySweep = anApproval({ requestedBy: sweep });
  const byBen = { kind: 'person', person: ben, requestId: 'request-2' } as const;

  expect(askedAgain(bySweep, { ...bySweep, requestedBy: byBen }).requestedBy).toEqual(byBen);
  for (const standing of [anApproval(), approved, rejected]) {
    expect(askedAgain(standing, { ...standing, requestedBy: byBen })).toBe(standing);
  }
  const decided = { ...bySweep, decision: yesOnly };
  expect(askedAgain(decided, { ...decided, requestedBy: byBen })).toBe(decided);
  expect(askedAgain(bySweep, bySweep)).toBe(bySweep);
});

test('nobody is another person for the case of an object ID', () => {
  const [lower, upper] = [
    'abcdef00-0000-0000-0000-000000000001',
    'ABCDEF00-0000-0000-0000-000000000001',
  ];
  for (const [asked, decides] of [
    [lower, upper],
    [upper, lower],
  ] as const) {
    const requestedBy = {
      kind: 'person',
      person: { ...anna, objectId: asked },
      requestId: null,
    } as const;
    const by = { ...anna, objectId: decides };

    const answer = decideApproval(anApproval({ requestedBy }), { ...yes, by }, rule);

    expect(answer).toEqual({ kind: 'refused', reason: 'requester' });
  }
});

test('keeps the last hundred decisions, no more', () => {
  const earlier = Array.from({ length: 100 }, (_unused, place) => ({
    ...yesOnly,
    atMs: place,
    planDigest: 'plan-0',
    usedBy: null,
  }));

  const asked = askedAnew({ ...approved, earlier }, anApproval(), 'a2');

  expect(asked.earlier).toHaveLength(100);
  expect(asked.earlier.map(({ atMs }) => atMs)).toEqual([
    ...Array.from({ length: 99 }, (_unused, place) => place + 1),
    yesOnly.atMs,
  ]);
});

test('a person takes the place of a sweep, and leaves all else of what was asked', () => {
  const bySweep = anApproval({ requestedBy: { kind: 'sweep', person: null, requestId: null } });

  expect(askedAgain(bySweep, anApproval())).toEqual(anApproval());
});
