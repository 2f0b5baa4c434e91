import { ArmError } from '../arm/arm-error.ts';
import { sameId } from '../arm/resource-id.ts';
import type { JsonObject } from '../resources/json.ts';
import type { Endpoints } from './endpoints.ts';
import type { EventHub, Subscribing } from './event-hub.ts';
import type { EventTopic } from './event-topic.ts';
import { readSubscription } from './subscription-request.ts';

/** An event subscription as it was asked for, secrets included. */
export interface KnownSubscription {
  readonly name: string;
  readonly topic: EventTopic;
  readonly asked: JsonObject;
  readonly subscribing: Subscribing;
}

/** Of one topic. Source: "Event Grid quotas and limits". */
const MOST = 500;

/** The event subscriptions of all topics. */
export class EventSubscriptions {
  readonly #known = new Map<string, KnownSubscription>();
  readonly #hub: EventHub;
  readonly #endpoints: Endpoints;

  constructor(hub: EventHub, endpoints: Endpoints) {
    this.#hub = hub;
    this.#endpoints = endpoints;
  }

  list(): readonly KnownSubscription[] {
    return [...this.#known.values()];
  }

  of({ id }: Pick<EventTopic, 'id'>): readonly KnownSubscription[] {
    return this.list().filter(({ topic }) => sameId(topic.id, id));
  }

  find(topic: EventTopic, name: string): KnownSubscription | undefined {
    return this.#known.get(keyOf(topic, name));
  }

  /**
   * Makes an event subscription or changes one, which then begins anew.
   *
   * @throws ArmError 400 with every mistake
   */
  put(topic: EventTopic, name: string, asked: JsonObject): KnownSubscription {
    const { destination, ...request } = readSubscription(asked, topic);
    const endpoint = this.#endpoints.connect(destination);
    const known = this.find(topic, name);
    if (!known && this.of(topic).length >= MOST) throw tooMany();
    known?.subscribing.end();
    const subscription = { ...request, ...endpoint, name, kind: topic.kind };
    const subscribing = this.#hub.subscribe(subscription, topic.source);
    const made = { name, topic, asked, subscribing };
    this.#known.set(keyOf(topic, name), made);
    return made;
  }

  /** @returns `false` when there was none. */
  remove(topic: EventTopic, name: string): boolean {
    this.find(topic, name)?.subscribing.end();
    return this.#known.delete(keyOf(topic, name));
  }

  removeAll(topic: EventTopic): void {
    for (const { name } of this.of(topic)) this.remove(topic, name);
  }
}

/** Assumed: the code and the text. */
function tooMany(): ArmError {
  return new ArmError(400, 'InvalidRequest', `A topic has ${MOST} event subscriptions at most.`);
}

function keyOf({ id }: EventTopic, name: string): string {
  return `${id}/${name}`.toLowerCase();
}
