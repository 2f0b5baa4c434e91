import { type DeadLetter, type DeadLetterReason, deadLetterOf } from './dead-letter.ts';
import { deliveryOf, type EventSubscription, judgeStatus, sendForStatus } from './delivery.ts';
import { type GridEvent, inEnvelope } from './event.ts';
import { Probation } from './probation.ts';
import type { Timers } from './timers.ts';

/** Deliveries to one endpoint at a time. */
const MAX_CONCURRENT = 16;
/** Source: "Event Grid message delivery and retry": within 3 minutes, as well as it can. */
const LATE_SUCCESS_MS = 180_000;
/** Source: as above; a dead letter is written 5 minutes after the last attempt. */
const DEAD_LETTER_DELAY_MS = 300_000;

/** An event on its way to one subscriber. */
interface Parcel {
  readonly event: GridEvent;
  readonly publishedAt: number;
  attempts: number;
  lastAt: number;
  lastStatus: number | undefined;
}

export interface DeliveryRecord {
  readonly subscription: EventSubscription;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly status: number;
}

interface Surroundings {
  readonly timers: Timers;
  readonly speed: number;
  readonly delivered: (record: DeliveryRecord) => void;
}

/** The events of one subscription: each at least once, until it is taken or given up. */
export class DeliveryQueue {
  readonly subscription: EventSubscription;
  readonly deadLetters: DeadLetter[] = [];
  /** Given up, and nobody wanted to keep them. */
  dropped = 0;
  /** On their way, or waiting for another attempt. */
  pending = 0;
  state: 'validating' | 'active' | 'refused' = 'validating';
  readonly #around: Surroundings;
  readonly #probation: Probation;
  readonly #waiting: Parcel[] = [];
  #running = 0;
  #looksAgain = false;

  constructor(subscription: EventSubscription, around: Surroundings) {
    this.subscription = subscription;
    this.#around = around;
    this.#probation = new Probation(around.speed);
  }

  /** Until when an endpoint that failed too often is left alone, or `null`. */
  get delayedUntil(): number | null {
    const { until } = this.#probation;
    return until > Date.now() ? until : null;
  }

  /** What the endpoint's validation came to. Refused ones get nothing. */
  validated(wanted: boolean): void {
    this.state = wanted ? 'active' : 'refused';
    if (!wanted) this.pending -= this.#waiting.splice(0).length;
    this.#pump();
  }

  accept(event: GridEvent, delayMs: number): void {
    this.pending += 1;
    const publishedAt = Date.now();
    const parcel = { event, publishedAt, attempts: 0, lastAt: publishedAt, lastStatus: undefined };
    this.#around.timers.after(delayMs, () => this.#enqueue([parcel]));
  }

  #enqueue(parcels: readonly Parcel[]): void {
    if (this.state === 'refused') {
      this.pending -= parcels.length;
      return;
    }
    this.#waiting.push(...parcels);
    this.#pump();
  }

  #pump(): void {
    if (this.state !== 'active') return;
    if (this.delayedUntil !== null) {
      this.#pumpAt(this.delayedUntil);
      return;
    }
    while (this.#running < MAX_CONCURRENT && this.#waiting.length > 0) {
      const next = this.#waiting.splice(0, batchLength(this.#waiting, this.subscription));
      this.#running += 1;
      void this.#attempt(next).finally(() => {
        this.#running -= 1;
        this.#pump();
      });
    }
  }

  #pumpAt(time: number): void {
    if (this.#looksAgain) return;
    this.#looksAgain = true;
    this.#around.timers.after(time - Date.now(), () => {
      this.#looksAgain = false;
      this.#pump();
    });
  }

  /** All of a batch are taken, or come again together. */
  async #attempt(batch: readonly Parcel[]): Promise<void> {
    const { subscription } = this;
    const parcels = batch.filter((it) => !this.#isTooOld(it));
    for (const it of batch) if (!parcels.includes(it)) this.#giveUp(it, 'TimeToLiveExceeded');
    if (parcels.length === 0) return;
    for (const parcel of parcels) parcel.attempts += 1;
    const attempt = Math.max(...parcels.map(({ attempts }) => attempts));
    const events = parcels.map(({ event }) => event);
    const request = deliveryOf(events, subscription, attempt);
    const { status, late } = await sendForStatus(subscription, request);
    for (const parcel of parcels) {
      parcel.lastAt = Date.now();
      parcel.lastStatus = status;
    }
    this.#around.delivered({ subscription, ...request, status: status ?? 0 });
    const judged = judgeStatus(status, attempt, subscription.endpointType);
    this.#probation.note(judged.outcome === 'delivered', status);
    if (judged.outcome === 'delivered') this.pending -= parcels.length;
    else if (judged.outcome === 'undeliverable') {
      for (const parcel of parcels) this.#giveUp(parcel, judged.reason);
    } else this.#retry(parcels, judged.waitS, late);
  }

  /** A success that comes late takes the retry back, unless that is on its way: then it is sent twice. */
  #retry(parcels: readonly Parcel[], waitS: number, late: Promise<number | undefined>): void {
    const { timers, speed } = this.#around;
    const { maxDeliveryAttempts = 30, endpointType } = this.subscription;
    const isSpent = ({ attempts }: Parcel) => attempts >= maxDeliveryAttempts;
    for (const it of parcels.filter(isSpent)) this.#giveUp(it, 'MaxDeliveryAttemptsExceeded');
    const again = parcels.filter((it) => !isSpent(it));
    const [first] = again;
    if (!first) return;
    const cancel = timers.after((waitS * 1000) / speed, () => this.#enqueue(again));
    if (first.lastStatus !== undefined) return;
    const { lastAt } = first;
    void late.then((status) => {
      const inTime = Date.now() - lastAt <= LATE_SUCCESS_MS;
      const taken = judgeStatus(status, 1, endpointType).outcome === 'delivered';
      if (taken && inTime && cancel()) this.pending -= again.length;
    });
  }

  #giveUp(parcel: Parcel, reason: DeadLetterReason): void {
    const { subscription } = this;
    this.pending -= 1;
    if (!subscription.keepsDeadLetters) {
      this.dropped += 1;
      return;
    }
    const { event, attempts, lastAt: at, lastStatus: status, publishedAt } = parcel;
    const last = { attempts, at, status, publishedAt };
    const letter = deadLetterOf(event, subscription, reason, last);
    const { timers, speed } = this.#around;
    timers.after(DEAD_LETTER_DELAY_MS / speed, () => this.deadLetters.push(letter));
  }

  #isTooOld({ publishedAt }: Parcel): boolean {
    const minutes = this.subscription.eventTimeToLiveInMinutes ?? 1440;
    return Date.now() - publishedAt >= (minutes * 60_000) / this.#around.speed;
  }
}

/** How many of those that wait go together: no waiting for more, as Event Grid does it. */
function batchLength(
  waiting: readonly Parcel[],
  { schema, maxEventsPerBatch = 1, preferredBatchSizeInKilobytes = 64 }: EventSubscription,
): number {
  let bytes = 0;
  const most = waiting.slice(0, maxEventsPerBatch);
  if (most.length < 2) return most.length;
  const fitting = most.findIndex(({ event }) => {
    bytes += Buffer.byteLength(JSON.stringify(inEnvelope(event, schema)));
    return bytes > preferredBatchSizeInKilobytes * 1024;
  });
  // One goes in any case.
  return fitting < 0 ? most.length : Math.max(1, fitting);
}
