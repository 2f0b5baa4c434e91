import { sameId, startsWithId } from '../arm/resource-id.ts';
import type { FaultQueue } from '../faults.ts';
import type { Random } from '../random.ts';
import type { DeadLetter } from './dead-letter.ts';
import { type EventSubscription, wants } from './delivery.ts';
import { DeliveryQueue, type DeliveryRecord } from './delivery-queue.ts';
import type { GridEvent } from './event.ts';
import { validateEndpoint } from './handshake.ts';
import { Timers } from './timers.ts';

/** How long a held event waits for one to be sent before it. */
const HELD_MS = 60_000;
/** By how much it then comes later. */
const BEHIND_MS = 1000;

interface Subscribed {
  /** Whose events it gets: a subscription, a group of it, a vault or a custom topic. */
  readonly topic: string;
  readonly queue: DeliveryQueue;
  /** Events that shall be overtaken by the next one. */
  readonly held: Set<() => void>;
}

export interface SubscriptionState {
  readonly name: string;
  readonly state: DeliveryQueue['state'];
  /** ISO 8601; there while an endpoint that failed too often is left alone. */
  readonly delayedUntil?: string;
}

/** Hands events to their subscribers: at least once, in any order, again and again until taken. */
export class EventHub {
  onDelivery: (record: DeliveryRecord) => void = () => {};
  readonly #subscribed: Subscribed[] = [];
  readonly #timers = new Timers();
  readonly #faults: FaultQueue;
  readonly #random: Random;
  readonly #speed: number;

  constructor({ faults, random, speed }: { faults: FaultQueue; random: Random; speed: number }) {
    this.#faults = faults;
    this.#random = random;
    this.#speed = speed;
  }

  /** Events that are on their way or wait for another attempt. */
  get pending(): number {
    return this.#subscribed.reduce((sum, { queue, held }) => sum + queue.pending + held.size, 0);
  }

  /** Events that were given up and not kept. */
  get dropped(): number {
    return this.#queues().reduce((sum, { dropped }) => sum + dropped, 0);
  }

  deadLetters(): readonly DeadLetter[] {
    return this.#queues().flatMap(({ deadLetters }) => deadLetters);
  }

  states(): readonly SubscriptionState[] {
    return this.#queues().map(({ subscription: { name }, state, delayedUntil }) => ({
      name,
      state,
      ...(delayedUntil === null ? {} : { delayedUntil: new Date(delayedUntil).toISOString() }),
    }));
  }

  /**
   * Subscribes an endpoint. Events are kept until it has passed its validation.
   *
   * @returns ends the subscription; what is on its way to it is dropped.
   */
  subscribe(subscription: EventSubscription, topic: string): Subscribing {
    const queue = new DeliveryQueue(subscription, {
      timers: this.#timers,
      speed: this.#speed,
      delivered: (record) => this.onDelivery(record),
    });
    const subscribed: Subscribed = { topic, queue, held: new Set() };
    this.#subscribed.push(subscribed);
    const invitation = { id: this.#random.guid(), code: this.#random.guid().toUpperCase(), topic };
    const validated = validateEndpoint(subscription, invitation).then((wanted) => {
      if (this.#subscribed.includes(subscribed)) queue.validated(wanted);
    });
    return {
      state: () => queue.state,
      validated,
      end: () => {
        queue.validated(false);
        this.#subscribed.splice(this.#subscribed.indexOf(subscribed), 1);
      },
    };
  }

  /** Whether anybody wants the events of a source. */
  isSubscribed(source: string): boolean {
    return this.#subscribed.some(({ topic }) => sameId(topic, source));
  }

  raise(event: GridEvent): void {
    const label = `${event.type} ${event.subject}`;
    const take = <K extends Parameters<FaultQueue['take']>[0]>(kind: K) =>
      this.#faults.take(kind, 'EVENT', label);
    if (take('lose-event')) return;
    const copies = Number(take('repeat-event') ?? 1);
    const delayMs = Number(take('delay-event') ?? 0);
    const overtaken = take('reorder-event') !== null;
    for (const subscribed of this.#subscribed.filter((it) => isFor(it, event))) {
      const { queue, held, topic } = subscribed;
      for (let copy = 0; copy < copies; copy += 1) {
        const waitMs = delayMs + this.#latencyMs();
        // Of a group's events it is the group that is the topic.
        const own = { ...event, topic: sameId(topic, event.topic) ? event.topic : topic };
        if (overtaken) this.#hold(subscribed, own, waitMs);
        else queue.accept(own, waitMs);
      }
      if (!overtaken) releaseAll(held);
    }
  }

  close(): void {
    this.#timers.clear();
  }

  #hold({ queue, held }: Subscribed, event: GridEvent, waitMs: number): void {
    const behindMs = waitMs + BEHIND_MS / this.#speed;
    const leave = (delayMs: number) => {
      held.delete(release);
      queue.accept(event, delayMs);
    };
    const cancel = this.#timers.after(HELD_MS / this.#speed, () => leave(0));
    const release = () => {
      if (cancel()) leave(behindMs);
    };
    held.add(release);
  }

  /** Assumption: "near real time"; no figure is published. */
  #latencyMs(): number {
    return (200 + 800 * this.#random.next()) / this.#speed;
  }

  #queues(): readonly DeliveryQueue[] {
    return this.#subscribed.map(({ queue }) => queue);
  }
}

function isFor({ topic, queue }: Subscribed, event: GridEvent): boolean {
  const isOfTopic =
    sameId(topic, event.topic) ||
    (event.kind === 'resources' && startsWithId(event.subject, topic));
  return isOfTopic && queue.state !== 'refused' && wants(queue.subscription, event);
}

function releaseAll(held: ReadonlySet<() => void>): void {
  // Each leaves the set.
  for (const release of [...held]) release();
}

export interface Subscribing {
  readonly state: () => DeliveryQueue['state'];
  /** Settles when the endpoint was asked whether it wants events. */
  readonly validated: Promise<void>;
  readonly end: () => void;
}
