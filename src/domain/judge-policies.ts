import { covers } from './covers.ts';
import type { Reading } from './reading.ts';
import { type Verdict, verdict } from './verdict.ts';

/** A policy of Azure's that refuses a write. */
export interface PolicyRefusal {
  /** ARM ID of its assignment. */
  readonly assignmentId: string;
  /** Azure's or the assignment's own reason, or empty. */
  readonly reason: string;
}

/** What somebody took out of a policy about keys of disks. */
export interface KeyPolicyExemption {
  readonly id: string;
  /** ARM ID of what is exempt, with all below it. */
  readonly scope: string;
  /** Milliseconds since 1970; null: without an end. */
  readonly expiresAtMs: number | null;
}

/** Judges whether Azure Policy would refuse to put the disk onto the set. */
export function judgePolicies(
  diskId: string,
  refusals: Reading<readonly PolicyRefusal[]>,
): readonly Verdict[] {
  if (refusals.status === 'unreadable') {
    const message = `What Azure Policy would say could not be asked: ${refusals.message}`;
    return [verdict('unreadable', 'policies-unreadable', message, diskId)];
  }
  return refusals.value.map(({ assignmentId, reason }) => {
    const why = reason === '' ? '' : `: ${reason}`;
    return verdict('blocked', 'denied-by-policy', `Denied by ${assignmentId}${why}`, diskId);
  });
}

/** Whether the organisation has said that a disk, or its VM, needs no key of its own for now. */
export function isExemptFromKeyPolicies(
  ids: readonly string[],
  exemptions: Reading<readonly KeyPolicyExemption[]>,
  nowMs: number,
): boolean {
  if (exemptions.status === 'unreadable') return false;
  return exemptions.value.some(
    ({ scope, expiresAtMs }) =>
      (expiresAtMs === null || expiresAtMs > nowMs) && ids.some((id) => covers(scope, id)),
  );
}
