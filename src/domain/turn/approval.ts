import type { Person, Requester } from '../people/requester.ts';

/** A person's word on one plan for one VM. */
export interface Approval {
  /** By which people name it; the same for every request about the VM. */
  readonly id: string;
  /** ARM ID. */
  readonly vmId: string;
  /** Of the plan that was shown: a decision is about nothing else. */
  readonly planDigest: string;
  readonly requestedBy: Requester;
  readonly requestedAtMs: number;
  /** From then on nobody can decide any more, and what was decided stands no longer. */
  readonly deadlineMs: number;
  readonly decision: ApprovalDecision | null;
  /** Instance that acts, or acted, on it; null as long as none does. */
  readonly usedBy: string | null;
  /** About earlier requests for the VM, the oldest first. */
  readonly earlier: readonly EarlierDecision[];
}

/** What people are told of an approval that stands. */
export type StandingApproval = Pick<Approval, 'id' | 'deadlineMs' | 'decision'>;

export type ApprovalRequest = Omit<Approval, 'id' | 'decision' | 'usedBy' | 'earlier'>;

export interface ApprovalDecision {
  readonly kind: 'approved' | 'rejected';
  readonly by: Person;
  readonly atMs: number;
  /** In the person's own words. */
  readonly reason: string | null;
}

/** A decision that stands no longer. */
export interface EarlierDecision
  extends ApprovalDecision,
    Pick<Approval, 'planDigest' | 'usedBy'> {}

type Refusal = 'unknown' | 'late' | 'duplicate' | 'other-plan' | 'requester' | 'not-approved';

/** What comes of a decision, or of the use of one. */
export type ApprovalOutcome =
  | { readonly kind: 'accepted'; readonly approval: Approval }
  | { readonly kind: 'refused'; readonly reason: Refusal };

/** What a decision has to agree with. */
export interface DecisionRule {
  readonly notByRequester: boolean;
}

/**
 * Whether the approval that stands answers for a new request about the same VM.
 *
 * A decision about the same plan stands until it is used, and until the deadline at most.
 */
export function standsFor(
  standing: Approval,
  wanted: Pick<ApprovalRequest, 'planDigest' | 'requestedAtMs'>,
): boolean {
  const isSame = standing.planDigest === wanted.planDigest;
  return isSame && standing.usedBy === null && wanted.requestedAtMs < standing.deadlineMs;
}

/**
 * The approval that stands, asked for once more: a person who asks takes the place of an event or a
 * sweep, or who asks for what is pending anyway could approve it alone.
 */
export function askedAgain(standing: Approval, { requestedBy }: ApprovalRequest): Approval {
  const isFirstPerson = standing.requestedBy.person === null && requestedBy.person !== null;
  return isFirstPerson && standing.decision === null ? { ...standing, requestedBy } : standing;
}

/** So many that a row of the store has room for them, each with its reason. */
const MOST_EARLIER = 100;

/** A new request about a VM; it keeps what was decided about the one that stood. */
export function askedAnew(
  standing: Approval | null,
  wanted: ApprovalRequest,
  id: string,
): Approval {
  const earlier = standing === null ? [] : [...standing.earlier, ...decisionOf(standing)];
  return { ...wanted, id, decision: null, usedBy: null, earlier: earlier.slice(-MOST_EARLIER) };
}

function decisionOf({ decision, planDigest, usedBy }: Approval): readonly EarlierDecision[] {
  return decision === null ? [] : [{ ...decision, planDigest, usedBy }];
}

/** Judges a decision; deciding again the same, by the same person, changes nothing. */
export function decideApproval(
  standing: Approval | null,
  decision: ApprovalDecision & { readonly planDigest: string },
  { notByRequester }: DecisionRule,
): ApprovalOutcome {
  if (standing === null) return refused('unknown');
  const { kind, by, atMs, reason, planDigest } = decision;
  if (standing.planDigest !== planDigest) return refused('other-plan');
  if (standing.decision !== null) {
    const isSame = standing.decision.kind === kind && isPerson(standing.decision.by, by);
    return isSame ? accepted(standing) : refused('duplicate');
  }
  if (atMs >= standing.deadlineMs) return refused('late');
  const { person } = standing.requestedBy;
  if (notByRequester && person !== null && isPerson(person, by)) return refused('requester');
  return accepted({ ...standing, decision: { kind, by, atMs, reason } });
}

/** What would act on an approval. */
export interface ApprovalUse {
  readonly planDigest: string;
  /** Instance that acts. */
  readonly usedBy: string | null;
  readonly atMs: number;
}

/**
 * Judges the use of an approval: one instance, one plan, until the deadline; the same instance may
 * ask again.
 */
export function useApproval(
  standing: Approval | null,
  { planDigest, usedBy, atMs }: ApprovalUse,
): ApprovalOutcome {
  if (standing === null) return refused('unknown');
  if (standing.planDigest !== planDigest) return refused('other-plan');
  if (standing.decision?.kind !== 'approved') return refused('not-approved');
  if (atMs >= standing.deadlineMs) return refused('late');
  if (standing.usedBy !== null && standing.usedBy !== usedBy) return refused('duplicate');
  return accepted({ ...standing, usedBy });
}

function isPerson(a: Person, b: Person): boolean {
  return a.objectId.toLowerCase() === b.objectId.toLowerCase();
}

function accepted(approval: Approval): ApprovalOutcome {
  return { kind: 'accepted', approval };
}

function refused(reason: Refusal): ApprovalOutcome {
  return { kind: 'refused', reason };
}
