import { type Answer, answer } from '../arm/answer.ts';
import { ArmError, resourceNotFound } from '../arm/arm-error.ts';
import { sameId } from '../arm/resource-id.ts';
import { type Call, type Route, route } from '../arm/route.ts';
import { VAULT_TYPE } from '../keyvault/vault.ts';
import { Collection, type Inventory } from '../resources/inventory.ts';
import { isObject, objectAt, textAt } from '../resources/json.ts';
import { tagsIn } from '../resources/tags.ts';
import type { EventHub } from './event-hub.ts';
import { readSubscription, shownProperties } from './subscription-request.ts';
import { type KnownSubscription, SystemTopic, TOPIC_KINDS, TOPIC_TYPE } from './system-topic.ts';

const SUBSCRIPTION = '/subscriptions/:subscription';
const TOPICS =
  `${SUBSCRIPTION}/resourceGroups/:group/providers/Microsoft.EventGrid/systemTopics` as const;
const TOPIC = `${TOPICS}/:topic` as const;
const EVENTS = `${TOPIC}/eventSubscriptions` as const;
const EVENT = `${EVENTS}/:name` as const;
const EVENT_TYPE = `${TOPIC_TYPE}/eventSubscriptions`;

interface Surroundings {
  readonly inventory: Inventory;
  readonly hub: EventHub;
  /** Carries a request to a webhook. */
  readonly deliver: (request: Request) => Promise<Response>;
}

type TopicCall = Call<'subscription' | 'group' | 'topic'>;
type EventCall = Call<'subscription' | 'group' | 'topic' | 'name'>;

/**
 * System topics of a subscription and their event subscriptions, with webhooks as destinations.
 *
 * Source: REST reference, Event Grid, api-version 2022-06-15. A creation ends by its body's
 * `provisioningState`, without the polling URL that Azure gives as well.
 */
export function topicRoutes({ inventory, hub, deliver }: Surroundings): readonly Route[] {
  const topics = new Collection<SystemTopic>(TOPIC_TYPE, inventory);
  const topicOf = ({ params }: TopicCall) => topics.require(params, params.topic);
  const events = { hub, deliver, topicOf };
  return [
    route('PUT', TOPIC, (call) => putTopic(topics, call), {
      operationName: `${TOPIC_TYPE}/write`,
    }),
    route('GET', TOPIC, (call) => answer(200, topicOf(call).body())),
    route(
      'DELETE',
      TOPIC,
      ({ params }) => {
        inventory.requireGroup(params);
        const topic = topics.find(topics.idOf(params, params.topic));
        if (!topic) return answer(204);
        for (const { subscribing } of topic.subscriptions.values()) subscribing.end();
        topics.remove(topic.id);
        return answer(200);
      },
      { operationName: `${TOPIC_TYPE}/delete` },
    ),
    route('GET', TOPICS, ({ params }) => {
      inventory.requireGroup(params);
      return answer(200, { value: topics.list(params).map((it) => it.body()) });
    }),
    route('GET', `${SUBSCRIPTION}/providers/Microsoft.EventGrid/systemTopics`, ({ params }) => {
      inventory.requireSubscription(params.subscription);
      return answer(200, { value: topics.list(params).map((it) => it.body()) });
    }),
    ...eventRoutes(events),
  ];
}

interface EventSurroundings extends Pick<Surroundings, 'hub' | 'deliver'> {
  readonly topicOf: (call: TopicCall) => SystemTopic;
}

function eventRoutes(around: EventSurroundings): readonly Route[] {
  const { topicOf } = around;
  return [
    route('PUT', EVENT, (call) => putEvents(around, call), {
      operationName: `${EVENT_TYPE}/write`,
    }),
    route('GET', EVENT, (call) => {
      const topic = topicOf(call);
      const found = topic.subscriptions.get(call.params.name.toLowerCase());
      if (found) return answer(200, eventBody(topic, found));
      throw resourceNotFound(TOPIC_TYPE, `${topic.name}/${call.params.name}`, call.params.group);
    }),
    route(
      'DELETE',
      EVENT,
      (call) => {
        const { subscriptions } = topicOf(call);
        const name = call.params.name.toLowerCase();
        subscriptions.get(name)?.subscribing.end();
        return answer(subscriptions.delete(name) ? 200 : 204);
      },
      { operationName: `${EVENT_TYPE}/delete` },
    ),
    route('GET', EVENTS, (call) => {
      const topic = topicOf(call);
      const value = [...topic.subscriptions.values()].map((it) => eventBody(topic, it));
      return answer(200, { value });
    }),
  ];
}

function putTopic(topics: Collection<SystemTopic>, { params, body }: TopicCall): Answer {
  const { inventory } = topics;
  inventory.requireGroup(params);
  const id = topics.idOf(params, params.topic);
  const properties = objectAt(body, 'properties');
  const source = textAt(properties, 'source') ?? '';
  const topicType = textAt(properties, 'topicType') ?? '';
  const kind = TOPIC_KINDS[topicType.toLowerCase()];
  const whole = `/subscriptions/${params.subscription}`;
  const vault = kind === 'key-vault' ? inventory.find(source) : undefined;
  const isKnown = kind === 'key-vault' ? vault?.type === VAULT_TYPE : sameId(source, whole);
  if (!kind || !isKnown) {
    throw new ArmError(
      501,
      'NotSimulated',
      `The simulated Event Grid knows the topic types ${Object.keys(TOPIC_KINDS).join(', ')} of the source ${whole} or of a vault, not '${topicType}' of '${source}'.`,
    );
  }
  const known = topics.find(id);
  if (known) {
    known.tags = tagsIn(body);
    return answer(200, known.body());
  }
  const metricResourceId = `${params.subscription}-${params.topic}`.toLowerCase();
  // Topics of a whole subscription have no region.
  const location = vault?.location ?? 'global';
  const spec = { id, name: params.topic, kind, source, location, topicType, metricResourceId };
  return answer(201, topics.add(new SystemTopic(spec, tagsIn(body))).body());
}

/** Source: event subscriptions are answered 201, also when they were there. */
function putEvents({ hub, deliver, topicOf }: EventSurroundings, call: EventCall): Answer {
  const topic = topicOf(call);
  const { name } = call.params;
  if (!isObject(call.body)) {
    throw new ArmError(400, 'InvalidRequestContent', 'The request content was invalid.');
  }
  const request = readSubscription(call.body);
  topic.subscriptions.get(name.toLowerCase())?.subscribing.end();
  const { kind, source } = topic.spec;
  const subscribing = hub.subscribe({ ...request, name, kind, deliver }, source);
  const properties = shownProperties(call.body, topic.id);
  const known: KnownSubscription = { name, properties, subscribing };
  topic.subscriptions.set(name.toLowerCase(), known);
  return answer(201, eventBody(topic, known));
}

const STATES = { validating: 'Creating', active: 'Succeeded', refused: 'Failed' } as const;

function eventBody(topic: SystemTopic, { name, properties, subscribing }: KnownSubscription) {
  return {
    id: `${topic.id}/eventSubscriptions/${name}`,
    name,
    type: EVENT_TYPE,
    properties: { ...properties, provisioningState: STATES[subscribing.state()] },
  };
}
