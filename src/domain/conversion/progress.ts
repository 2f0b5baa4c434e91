/** A step of a conversion, in the order in which a VM goes through them. */
export type ConversionStep =
  | 'judging'
  | 'waiting'
  | 'deallocating'
  | 'encrypting'
  | 'starting'
  | 'ended';

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
