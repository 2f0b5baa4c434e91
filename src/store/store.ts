import type { ConversionKey, ConversionRecord } from '../domain/conversion/conversion-record.ts';
import type { ConversionTarget } from '../domain/conversion/conversion-target.ts';
import type { Requester } from '../domain/people/requester.ts';
import type {
  Approval,
  ApprovalDecision,
  ApprovalOutcome,
  ApprovalRequest,
  DecisionRule,
} from '../domain/turn/approval.ts';
import type { DowntimeSample } from '../domain/turn/expected-downtime.ts';
import type { Lease, LeaseRequest } from '../domain/turn/lease.ts';
import type { Stop } from '../domain/turn/stop.ts';

/**
 * What keyturn must not forget when a durable history is lost. Plain JSON in and out.
 *
 * Every call throws `StoreUnavailableError` and nothing else, and may be repeated.
 */
export interface Store {
  readonly journal: Journal;
  readonly leases: Leases;
  readonly stops: Stops;
  readonly starts: Starts;
  readonly approvals: Approvals;
  readonly queue: Queue;
  readonly attempts: Attempts;
  readonly stopRequests: StopRequests;
  readonly targets: Targets;
}

/** The record of every conversion. */
export interface Journal {
  /** Writes that a conversion begins; has no effect on one that is there already. */
  begin(record: ConversionRecord): Promise<void>;
  /** Writes how it ended, in place of how it began. */
  end(record: ConversionRecord): Promise<void>;
  /** The same, unless its own end was written meanwhile. */
  endIfOpen(record: ConversionRecord): Promise<'ended' | 'had-ended'>;
  /** Whether a conversion is under way, as far as was written; null: nothing was. */
  stateOf(conversion: ConversionKey): Promise<'open' | 'ended' | null>;
  find(filter: JournalFilter, page: JournalPage): Promise<FoundRecords | null>;
  /** Of the newest conversions that succeeded, how long their VMs were off; ten minutes old at most. */
  samples(): Promise<readonly DowntimeSample[]>;
}

/** Absent: any. */
export interface JournalFilter {
  /** ARM ID of the VM or disk that was the target, in any case. */
  readonly target?: string | undefined;
  /** A kind of `ConversionOutcome`, or `under-way`. */
  readonly outcome?: string | undefined;
  /** A person's name, or `event`, `sweep`, `person`; in any case. */
  readonly requestedBy?: string | undefined;
  /** Began then or later. */
  readonly sinceMs?: number | undefined;
  /** Began earlier. */
  readonly untilMs?: number | undefined;
}

interface JournalPage {
  readonly top: number;
  /** Of the page before; null for the first. */
  readonly token: string | null;
}

/** A page, the newest first. `find` answers null for a token that is none. */
export interface FoundRecords {
  /** May be fewer than asked for, and there be more all the same. */
  readonly records: readonly ConversionRecord[];
  /** Null on the last page. */
  readonly token: string | null;
}

export type LeaseAnswer =
  | { readonly kind: 'taken' }
  /** `key` is that of the first cap without a place. */
  | { readonly kind: 'full'; readonly key: string };

/** The rights to hold VMs off; no cap is ever exceeded, however many processes take them. */
export interface Leases {
  /** All caps or none; taken by the same holder already is `taken`. */
  take(request: LeaseRequest): Promise<LeaseAnswer>;
  /** `lost`: it expired, and its places may be another's. */
  renew(holder: string, untilMs: number): Promise<'renewed' | 'lost'>;
  /** @param conversionId only what was taken for this conversion; absent: for whichever. */
  release(holder: string, conversionId?: string): Promise<void>;
  /** Takes away what is over, and says what it was; nothing else does. */
  expire(nowMs: number): Promise<readonly Lease[]>;
  list(): Promise<readonly Lease[]>;
}

/** What forbids further deallocations: see `stopFor`. */
export interface Stops {
  /** The first stop of a scope stays: it says why. */
  set(stop: Stop): Promise<void>;
  clear(scope: string): Promise<void>;
  /** When a stop of a scope was last taken away; null: never. */
  resumedAtMs(scope: string): Promise<number | null>;
  read(): Promise<readonly Stop[]>;
}

/** When VMs were last seen to start again, by their size and place. */
export interface Starts {
  note(what: string, atMs: number): Promise<void>;
  /** Null: never. */
  lastMs(what: string): Promise<number | null>;
}

/** What persons decided; one request for each VM. */
export interface Approvals {
  /** The approval that stands from now on: an earlier one, where that answers for this plan. */
  request(wanted: ApprovalRequest): Promise<Approval>;
  decide(
    id: string,
    decision: ApprovalDecision & { readonly planDigest: string },
    rule: DecisionRule,
  ): Promise<ApprovalOutcome>;
  /** Claims an approval for one instance: it allows one conversion, not each from then on. */
  use(
    vmId: string,
    use: { readonly planDigest: string; readonly usedBy: string },
  ): Promise<ApprovalOutcome>;
  read(vmId: string): Promise<Approval | null>;
  /** Those that nobody has decided yet, the oldest first; late ones too. */
  list(): Promise<readonly Approval[]>;
}

/** A VM that waits for a free lease. */
export interface Waiting {
  /** ARM ID. */
  readonly vmId: string;
  readonly sinceMs: number;
  /** Key of the cap that had no place. */
  readonly waitsFor: string;
  /** Who asked for its conversion. */
  readonly requestedBy: Requester;
}

/** VMs that wait for a free lease. */
export interface Queue {
  /** Who waits already keeps the place. */
  add(waiting: Waiting): Promise<void>;
  remove(vmId: string): Promise<void>;
  /** The oldest first. */
  list(): Promise<readonly Waiting[]>;
}

/**
 * What a request, or the sweep, found: thousands of VMs and disks, which no history could hold.
 *
 * They are paged by their IDs, so that what ends, or is found meanwhile, shifts nothing.
 */
export interface Targets {
  /** What is there already stays as it is, with its outcome. */
  add(requestId: string, targets: readonly ConversionTarget[]): Promise<void>;
  /** Those without an outcome; `after` and `next` are null at the beginning and the end. */
  open(
    requestId: string,
    after: string | null,
    top: number,
  ): Promise<{ readonly targets: readonly ConversionTarget[]; readonly next: string | null }>;
  end(requestId: string, target: ConversionTarget, outcome: string): Promise<void>;
  list(requestId: string): Promise<readonly StoredTarget[]>;
  clear(requestId: string): Promise<void>;
}

export interface StoredTarget {
  readonly target: ConversionTarget;
  /** A kind of outcome, or null while it is under way. */
  readonly outcome: string | null;
}

/**
 * What persons asked to stop: a request, or a single conversion. The durable event that says the same
 * to the instance may arrive when a deallocation has been sent already; a row is seen at once.
 */
export interface StopRequests {
  /** A later one takes the place of an earlier. */
  add(instanceId: string, atMs: number): Promise<void>;
  /** When the last was given, in ms since 1970, for an instance ID comes again; null: never. */
  givenAtMs(instanceId: string): Promise<number | null>;
}

/**
 * Deallocations that were asked of Azure, or are about to be.
 *
 * An activity that runs again after a crash finds here that the VM may be going off by its own
 * doing, whatever Azure then answers.
 */
export interface Attempts {
  /** `again`: one began before, and nobody knows how it ended. */
  begin(holder: string, conversionId: string | undefined): Promise<'first' | 'again'>;
  /** The one that began, and of which nobody knows how it ended; or null. */
  find(holder: string): Promise<Attempt | null>;
  /**
   * Azure surely did not take it, or the VM runs again.
   *
   * @param conversionId only that of this conversion; absent: of whichever.
   */
  end(holder: string, conversionId?: string): Promise<void>;
}

/** A deallocation that Azure may have taken. */
export interface Attempt {
  /** The conversion that asked; null: an earlier release did not say. */
  readonly conversionId: string | null;
  /** When it was first asked, in ms since 1970; null: an earlier release did not say. */
  readonly atMs: number | null;
}
