import { type DeadLetter, type DeadLetterReason, deadLetterOf } from './dead-letter.ts';
import { deliveryOf, type EventSubscription, judgeStatus, sendForStatus } from './delivery.ts';
import type { GridEvent } from './event.ts';
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
    this.#around.timers.after(delayMs, () => this.#enqueue(parcel));
  }

  #enqueue(parcel: Parcel): void {
    if (this.state === 'refused') {
      this.pending -= 1;
      return;
    }
    this.#waiting.push(parcel);
    this.#pump();
  }

  #pump(): void {
    if (this.state !== 'active') return;
    if (this.delayedUntil !== null) {
      this.#pumpAt(this.delayedUntil);
      return;
    }
    while (this.#running < MAX_CONCURRENT) {
      const next = this.#waiting.shift();
      if (!next) return;
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

  async #attempt(parcel: Parcel): Promise<void> {
    const { subscription } = this;
    if (this.#isTooOld(parcel)) {
      this.#giveUp(parcel, 'TimeToLiveExceeded');
      return;
    }
    parcel.attempts += 1;
    const request = deliveryOf(parcel.event, subscription, parcel.attempts);
    const { status, late } = await sendForStatus(subscription, request);
    parcel.lastAt = Date.now();
    parcel.lastStatus = status;
    this.#around.delivered({ subscription, ...request, status: status ?? 0 });
    const judged = judgeStatus(status, parcel.attempts);
    this.#probation.note(judged.outcome === 'delivered', status);
    if (judged.outcome === 'delivered') this.pending -= 1;
    else if (judged.outcome === 'undeliverable') this.#giveUp(parcel, judged.reason);
    else if (parcel.attempts >= (subscription.maxDeliveryAttempts ?? 30)) {
      this.#giveUp(parcel, 'MaxDeliveryAttemptsExceeded');
    } else this.#retry(parcel, judged.waitS, late);
  }

  /** A success that comes late takes the retry back, unless that is on its way: then it is sent twice. */
  #retry(parcel: Parcel, waitS: number, late: Promise<number | undefined>): void {
    const { timers, speed } = this.#around;
    const cancel = timers.after((waitS * 1000) / speed, () => this.#enqueue(parcel));
    if (parcel.lastStatus !== undefined) return;
    const { lastAt } = parcel;
    void late.then((status) => {
      const inTime = Date.now() - lastAt <= LATE_SUCCESS_MS;
      const taken = judgeStatus(status, parcel.attempts).outcome === 'delivered';
      if (taken && inTime && cancel()) this.pending -= 1;
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
