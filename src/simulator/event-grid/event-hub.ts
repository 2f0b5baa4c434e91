import type { FaultQueue } from '../faults.ts';
import type { Random } from '../random.ts';
import {
  deliveryOf,
  type EventSubscription,
  judgeStatus,
  RETRY_AFTER_S,
  send,
  wants,
} from './delivery.ts';
import type { GridEvent } from './event.ts';
import { validateEndpoint } from './handshake.ts';

/** Deliveries to one endpoint at a time. */
const MAX_CONCURRENT = 16;

interface Subscribed {
  readonly subscription: EventSubscription;
  state: 'validating' | 'active' | 'refused';
  readonly waiting: (() => Promise<void>)[];
  running: number;
}

export interface DeliveryRecord {
  readonly subscription: EventSubscription;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly status: number;
}

/** Hands events to their subscribers: at least once, in any order, again and again until taken. */
export class EventHub {
  onDelivery: (record: DeliveryRecord) => void = () => {};
  readonly #subscribed: Subscribed[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #faults: FaultQueue;
  readonly #random: Random;
  readonly #speed: number;
  #pending = 0;

  constructor({ faults, random, speed }: { faults: FaultQueue; random: Random; speed: number }) {
    this.#faults = faults;
    this.#random = random;
    this.#speed = speed;
  }

  /** Events that are on their way or wait for another attempt. */
  get pending(): number {
    return this.#pending;
  }

  states(): readonly { readonly name: string; readonly state: Subscribed['state'] }[] {
    return this.#subscribed.map(({ subscription: { name }, state }) => ({ name, state }));
  }

  /** Events are kept until the endpoint has passed its validation; refused ones get none. */
  subscribe(subscription: EventSubscription, topic: string): void {
    const subscribed: Subscribed = { subscription, state: 'validating', waiting: [], running: 0 };
    this.#subscribed.push(subscribed);
    const invitation = { id: this.#random.guid(), code: this.#random.guid().toUpperCase(), topic };
    void validateEndpoint(subscription, invitation).then((wanted) => {
      subscribed.state = wanted ? 'active' : 'refused';
      if (!wanted) this.#pending -= subscribed.waiting.splice(0).length;
      this.#pump(subscribed);
    });
  }

  raise(event: GridEvent): void {
    const label = `${event.type} ${event.subject}`;
    if (this.#faults.take('lose', 'EVENT', label)) return;
    const copies = this.#faults.take('repeat', 'EVENT', label) ?? 1;
    for (const subscribed of this.#subscribed) {
      if (subscribed.state === 'refused' || !wants(subscribed.subscription, event)) continue;
      for (let copy = 0; copy < copies; copy += 1) {
        this.#pending += 1;
        this.#schedule(subscribed, event, 1, this.#latencyMs());
      }
    }
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  /** Assumption: "near real time"; no figure is published. */
  #latencyMs(): number {
    return (200 + 800 * this.#random.next()) / this.#speed;
  }

  #schedule(subscribed: Subscribed, event: GridEvent, attempt: number, delayMs: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (subscribed.state === 'refused') {
        this.#pending -= 1;
        return;
      }
      subscribed.waiting.push(() => this.#attempt(subscribed, event, attempt));
      this.#pump(subscribed);
    }, delayMs);
    this.#timers.add(timer);
  }

  #pump(subscribed: Subscribed): void {
    if (subscribed.state !== 'active') return;
    while (subscribed.running < MAX_CONCURRENT) {
      const next = subscribed.waiting.shift();
      if (!next) return;
      subscribed.running += 1;
      void next().finally(() => {
        subscribed.running -= 1;
        this.#pump(subscribed);
      });
    }
  }

  async #attempt(subscribed: Subscribed, event: GridEvent, attempt: number): Promise<void> {
    const { subscription } = subscribed;
    const request = deliveryOf(event, subscription, attempt);
    const status = (await send(subscription, request))?.status;
    this.onDelivery({ subscription, ...request, status: status ?? 0 });
    const outcome = judgeStatus(status);
    const waitS = RETRY_AFTER_S[Math.min(attempt, RETRY_AFTER_S.length) - 1] ?? 0;
    if (outcome === 'retry' && attempt < (subscription.maxDeliveryAttempts ?? 30)) {
      this.#schedule(subscribed, event, attempt + 1, (waitS * 1000) / this.#speed);
      return;
    }
    this.#pending -= 1;
  }
}
