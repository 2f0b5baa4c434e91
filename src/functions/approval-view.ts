import type { Approval } from '../domain/approval.ts';
import { nameOfRequester } from '../domain/requester.ts';

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
}

export function approvalView(approval: Approval): ApprovalView {
  const { id, vmId, planDigest, requestedBy, requestedAtMs, deadlineMs, decision } = approval;
  return {
    id,
    target: vmId,
    planDigest,
    status: decision === null ? 'Pending' : decision.kind === 'approved' ? 'Approved' : 'Rejected',
    requestedBy: nameOfRequester(requestedBy),
    requestedAt: new Date(requestedAtMs).toISOString(),
    deadline: new Date(deadlineMs).toISOString(),
    decidedBy: decision?.by.name ?? null,
    decidedAt: decision && new Date(decision.atMs).toISOString(),
    reason: decision?.reason ?? null,
  };
}
