import type { ConversionPolicy } from '../policy/conversion-policy.ts';
import { exemptionOf } from '../policy/exemption-of.ts';
import { formatUntil } from '../policy/until.ts';
import { forbidsDeallocation, type Verdict } from './verdict.ts';

/** A verdict as it stands: what an exemption covers only warns, and says by whom until when. */
export function exempted(
  verdict: Verdict,
  resource: { readonly id: string },
  vm: { readonly id: string } | null,
  policy: Pick<ConversionPolicy, 'exemptions'>,
  nowMs: number,
): Verdict {
  if (!forbidsDeallocation(verdict)) return verdict;
  const exemption = exemptionOf(verdict.code, resource, vm, policy, nowMs);
  if (exemption === null) return verdict;
  const { owner, reason, untilMs } = exemption;
  const message = `${verdict.message} Exempted by ${owner} until ${formatUntil(untilMs)}: ${reason}`;
  return { ...verdict, answer: 'warn', message };
}
