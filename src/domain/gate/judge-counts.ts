import type { ConversionPolicy } from '../policy/conversion-policy.ts';

/** Whether so much may be converted. */
export type ExtentJudgement =
  | { readonly kind: 'fine' }
  | {
      readonly kind: 'too-many';
      readonly code: 'too-many-resources' | 'too-large-share';
      readonly message: string;
    };

interface Counts {
  /** VMs and loose disks to convert. */
  readonly eligible: number;
  /** All VMs and loose disks in scope. */
  readonly total: number;
}

/** Judges how much would be converted: far more than expected points to a wrong policy. */
export function judgeCounts(
  { eligible, total }: Counts,
  { maxResources, maxPercent }: Pick<ConversionPolicy, 'maxResources' | 'maxPercent'>,
): ExtentJudgement {
  if (maxResources !== null && eligible > maxResources) {
    const message = `${eligible} VMs and disks are to be converted; maxResources is ${maxResources}.`;
    return { kind: 'too-many', code: 'too-many-resources', message };
  }
  if (maxPercent !== null && eligible * 100 > maxPercent * total) {
    const message = `${eligible} of ${total} VMs and disks are to be converted; maxPercent is ${maxPercent}.`;
    return { kind: 'too-many', code: 'too-large-share', message };
  }
  return { kind: 'fine' };
}
