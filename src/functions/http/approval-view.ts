import { nameOfRequester } from '../../domain/people/requester.ts';
import type { Approval, EarlierDecision } from '../../domain/turn/approval.ts';

/** An approval as the HTTP interface shows it. */
export interface ApprovalView {
  readonly id: string;
  /** ARM ID of the VM. */
  readonly target: string;
  /** Of what is to be done: a decision names it, and is about nothing else. */
  readonly planDigest: string;
  readonly status: 'Pending' | 'Approved' | 'Rejected';
  readonly requestedBy: string;
  readonly requestedAt: string;
  readonly deadline: string;
  readonly decidedBy: string | null;
  readonly decidedAt: string | null;
  readonly reason: string | null;
  /** Decisions about earlier requests for the VM, the oldest first; they stand no longer. */
  readonly earlier: readonly EarlierDecisionView[];
}

interface EarlierDecisionView {
  readonly planDigest: string;
  readonly status: 'Approved' | 'Rejected';
  readonly decidedBy: string;
  readonly decidedAt: string;
  readonly reason: string | null;
  /** Instance that acted on it; null: none did. */
  readonly usedBy: string | null;
}

export function approvalView(approval: Approval): ApprovalView {
  const { id, vmId, planDigest, requestedBy, requestedAtMs, deadlineMs, decision } = approval;
  return {
    id,
    target: vmId,
    planDigest,
    status: decision === null ? 'Pending' : STATUS[decision.kind],
    requestedBy: nameOfRequester(requestedBy),
    requestedAt: new Date(requestedAtMs).toISOString(),
    deadline: new Date(deadlineMs).toISOString(),
    decidedBy: decision?.by.name ?? null,
    decidedAt: decision && new Date(decision.atMs).toISOString(),
    reason: decision?.reason ?? null,
    earlier: approval.earlier.map(earlierView),
  };
}

const STATUS = { approved: 'Approved', rejected: 'Rejected' } as const;

function earlierView(decision: EarlierDecision): EarlierDecisionView {
  const { planDigest, kind, by, atMs, reason, usedBy } = decision;
  const decidedAt = new Date(atMs).toISOString();
  return { planDigest, status: STATUS[kind], decidedBy: by.name, decidedAt, reason, usedBy };
}
