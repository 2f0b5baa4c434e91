import type { PowerState } from '../azure/vm.ts';
import type { Verdict } from '../gate/verdict.ts';
import type { Person, Requester } from '../people/requester.ts';

/** How a disk is encrypted. */
interface RecordedEncryption {
  /** As Azure spells it. */
  readonly type: string;
  /** ARM ID of the disk encryption set, or null. */
  readonly setId: string | null;
}

/** What became of one disk. */
export interface RecordedDisk {
  /** ARM ID. */
  readonly id: string;
  readonly before: RecordedEncryption;
  /** As it was read back; null when it could not be. */
  readonly after: RecordedEncryption | null;
  /** e.g. `encrypted`, `refused`, `timed-out`; null while it is under way. */
  readonly outcome: string | null;
  /** ARM's code, verbatim, or null. */
  readonly code: string | null;
}

/** One thing that was done. */
export interface RecordedStep {
  /** ISO 8601 UTC. */
  readonly at: string;
  /** e.g. `deallocate`, `encrypt`, `start`. */
  readonly step: string;
  /** ARM ID. */
  readonly target: string;
  /** ARM's code when it was not accepted, or null. */
  readonly code: string | null;
  /** What Azure said with it; absent where it said nothing, or an earlier release wrote it. */
  readonly message?: string;
  /** Azure's correlation and operation IDs, by which its support finds the call; or null. */
  readonly correlationId: string | null;
  readonly operationId: string | null;
}

/** Whether anything but the mark was asked of Azure: else the VM is as it was, and nothing was risked. */
export function wasTouched({ steps }: Pick<ConversionRecord, 'steps'>): boolean {
  return steps.length === 0 || steps.some(({ step, code }) => step !== 'mark' || code === null);
}

/** Tells one conversion from every other, of the same VM as well; plain JSON. */
export type ConversionKey = Pick<ConversionRecord, 'id' | 'beganAt'>;

/**
 * What the journal keeps of one conversion; it outlives the durable history.
 *
 * Plain JSON. It holds IDs and names, never secrets.
 */
export interface ConversionRecord {
  /** The same in `begin` and `end`, and unlike that of any other conversion. */
  readonly id: string;
  readonly instanceId: string;
  /** ARM ID of the VM or disk. */
  readonly target: string;
  readonly requestedBy: Requester;
  /** Null where no approval was asked for. */
  readonly approvedBy: Person | null;
  readonly policyDigest: string;
  /** On which it was begun. */
  readonly verdicts: readonly Verdict[];
  /** ISO 8601 UTC. The same in `begin` and `end`. */
  readonly beganAt: string;
  /** Null while it is under way. */
  readonly endedAt: string | null;
  readonly steps: readonly RecordedStep[];
  /** Of the VM; null for a disk that no VM holds, and for what could not be read. */
  readonly power: { readonly before: PowerState | null; readonly after: PowerState | null };
  readonly disks: readonly RecordedDisk[];
  /** How long the VM was off; null while it is, and where none was switched off. */
  readonly downtimeMs: number | null;
  /** A kind of `ConversionOutcome`; null while it is under way. */
  readonly outcome: string | null;
}
