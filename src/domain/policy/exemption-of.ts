import { covers } from '../azure/covers.ts';
import type { ConversionPolicy, Exemption } from './conversion-policy.ts';

/** The exemption by which a check of a disk or VM does not stand in the way now, or null. */
export function exemptionOf(
  check: string,
  resource: { readonly id: string },
  vm: { readonly id: string } | null,
  { exemptions }: Pick<ConversionPolicy, 'exemptions'>,
  nowMs: number,
): Exemption | null {
  const judged = vm === null ? [resource] : [resource, vm];
  const stands = (entry: Exemption) =>
    entry.check === check &&
    entry.untilMs > nowMs &&
    judged.some(({ id }) => covers(entry.scope, id));
  return exemptions.find(stands) ?? null;
}
