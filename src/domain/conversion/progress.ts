/** A step of a conversion, in the order in which a VM goes through them. */
export type ConversionStep = (typeof STEPS)[number];

const STEPS = ['judging', 'waiting', 'deallocating', 'encrypting', 'starting', 'ended'] as const;

/** What a running conversion shows of itself. */
export interface Progress {
  /** ARM ID of the VM or disk. */
  readonly target: string;
  readonly step: ConversionStep;
  /** ISO 8601: since when the step goes on. */
  readonly since: string;
  /** How many disks it changes; 0 as long as that is not known. */
  readonly disks: number;
  /** Whether the VM is switched off for it. */
  readonly deallocate: boolean;
  /** ARM's code of what keeps the step from ending; absent as long as nothing does. */
  readonly problem?: string;
}

/** What a running request shows of itself. */
export interface RequestProgress {
  /** ARM ID of what was asked for. */
  readonly target: string;
  readonly step: 'searching' | 'planning' | 'converting' | 'stopping' | 'ended';
  /** How many VMs and disks it is about. */
  readonly targets: number;
  readonly ended: number;
}

/** Reads back what a conversion shows; null: it shows nothing yet, or is none. */
export function parseProgress(shown: unknown): Progress | null {
  if (typeof shown !== 'object' || shown === null || !('step' in shown)) return null;
  return 'since' in shown && STEPS.some((step) => step === shown.step) ? (shown as Progress) : null;
}

/** Reads back what a request shows; null: it shows nothing yet, or is none. */
export function parseRequestProgress(shown: unknown): RequestProgress | null {
  if (typeof shown !== 'object' || shown === null) return null;
  return 'step' in shown && 'targets' in shown && 'ended' in shown
    ? (shown as RequestProgress)
    : null;
}
