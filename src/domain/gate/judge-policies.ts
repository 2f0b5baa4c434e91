import { covers } from '../azure/covers.ts';
import type { Reading } from '../azure/reading.ts';
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
  /** Null: what it is about could not be read. */
  readonly isAboutKeys: true | null;
}

/** Judges whether Azure Policy would refuse to put the disk onto the set. */
export function judgePolicies(
  diskId: string,
  refusals: Reading<readonly PolicyRefusal[]>,
): readonly Verdict[] {
  return judgeRefusals(diskId, 'Denied', refusals);
}

/** Judges whether Azure Policy would refuse to mark the VM, without which it is not switched off. */
export function judgeMark(
  vmId: string,
  refusals: Reading<readonly PolicyRefusal[]>,
): readonly Verdict[] {
  return judgeRefusals(vmId, 'A tag of the VM, which keyturn needs, is denied', refusals);
}

function judgeRefusals(
  target: string,
  what: string,
  refusals: Reading<readonly PolicyRefusal[]>,
): readonly Verdict[] {
  if (refusals.status === 'unreadable') {
    const message = `What Azure Policy would say could not be asked: ${refusals.message}`;
    return [verdict('unreadable', 'policies-unreadable', message, target)];
  }
  return refusals.value.map(({ assignmentId, reason }) => {
    const why = reason === '' ? '' : `: ${reason}`;
    return verdict('blocked', 'denied-by-policy', `${what} by ${assignmentId}${why}`, target);
  });
}

/**
 * Whether the organisation has said that a disk, or its VM, needs no key of its own for now; null
 * when something is exempt there, and it could not be read what from.
 */
export function isExemptFromKeyPolicies(
  ids: readonly string[],
  exemptions: readonly KeyPolicyExemption[],
  nowMs: number,
): boolean | null {
  const standing = exemptions.filter(
    ({ scope, expiresAtMs }) =>
      (expiresAtMs === null || expiresAtMs > nowMs) && ids.some((id) => covers(scope, id)),
  );
  if (standing.some(({ isAboutKeys }) => isAboutKeys)) return true;
  return standing.length > 0 ? null : false;
}

/** Judges whether it is known what Azure Policy has exemptions for. */
export function judgePolicyExemptions(
  diskId: string,
  ids: readonly string[],
  exemptions: Reading<readonly KeyPolicyExemption[]>,
  nowMs: number,
): readonly Verdict[] {
  const unreadable = (message: string) => [
    verdict('unreadable', 'policy-exemptions-unreadable', message, diskId),
  ];
  if (exemptions.status === 'unreadable') {
    return unreadable(`The exemptions of Azure Policy could not be listed: ${exemptions.message}`);
  }
  if (isExemptFromKeyPolicies(ids, exemptions.value, nowMs) !== null) return [];
  return unreadable('Azure Policy has an exemption here, and what from could not be read.');
}
