import { type Answer, answer } from '../arm/answer.ts';
import { ArmError } from '../arm/arm-error.ts';
import { type Call, type Route, route } from '../arm/route.ts';
import type { Random } from '../random.ts';
import type { Collection } from '../resources/inventory.ts';
import { isObject, type JsonObject, objectAt, textAt } from '../resources/json.ts';
import { listRoutes } from '../resources/read-routes.ts';
import { tagsIn } from '../resources/tags.ts';
import { CUSTOM_TOPIC_TYPE, CustomTopic } from './custom-topic.ts';
import type { Watched } from './subscription-routes.ts';
import { topicBody } from './topic-body.ts';
import { topicIdentity } from './topic-identity.ts';

const TOPIC =
  '/subscriptions/:subscription/resourceGroups/:group/providers/Microsoft.EventGrid/topics/:topic';

const INPUT_SCHEMAS = ['EventGridSchema', 'CloudEventSchemaV1_0'] as const;

interface Surroundings extends Watched {
  readonly topics: Collection<CustomTopic>;
  readonly random: Random;
  readonly tenantId: string;
}

type TopicCall = Call<'subscription' | 'group' | 'topic'>;

/**
 * Custom topics.
 *
 * Source: REST reference, Event Grid, Topics, api-version 2022-06-15; recorded in previews.
 */
export function customTopicRoutes(around: Surroundings): readonly Route[] {
  const { topics, subscriptions, operations, random } = around;
  const { inventory } = topics;
  const topicOf = ({ params }: TopicCall) => topics.require(params, params.topic);
  const write = { operationName: `${CUSTOM_TOPIC_TYPE}/write` };
  return [
    route('PUT', TOPIC, (call) => putTopic(around, call), write),
    route(
      'PATCH',
      TOPIC,
      (call) => {
        const topic = topicOf(call);
        const properties = objectAt(call.body, 'properties');
        refuseClosed(properties);
        const { disableLocalAuth } = properties;
        topic.tags = tagsIn(call.body) ?? topic.tags;
        topic.identity = topicIdentity(
          isObject(call.body) ? call.body : {},
          topic.identity,
          around,
        );
        if (disableLocalAuth !== undefined) topic.disableLocalAuth = disableLocalAuth === true;
        return watched(topic, 'Updating', around, call);
      },
      write,
    ),
    route('GET', TOPIC, (call) => answer(200, topicBody(topicOf(call).body(), call, KIND))),
    route(
      'DELETE',
      TOPIC,
      (call) => {
        const { params } = call;
        inventory.requireGroup(params);
        const found = topics.find(topics.idOf(params, params.topic));
        if (!found) return answer(204);
        subscriptions.removeAll(found.topic);
        topics.remove(found.id);
        return operations.acceptDeletion(call, found.location);
      },
      { operationName: `${CUSTOM_TOPIC_TYPE}/delete` },
    ),
    ...listRoutes(topics),
    route('POST', `${TOPIC}/listKeys`, (call) => answer(200, topicOf(call).keys), {
      operationName: `${CUSTOM_TOPIC_TYPE}/listKeys/action`,
    }),
    route(
      'POST',
      `${TOPIC}/regenerateKey`,
      (call) => {
        const topic = topicOf(call);
        const name = textAt(call.body, 'keyName') ?? '';
        if (name !== 'key1' && name !== 'key2') {
          throw new ArmError(400, 'InvalidRequest', 'keyName must be key1 or key2.');
        }
        topic.keys = { ...topic.keys, [name]: newKey(random) };
        return answer(200, topic.keys);
      },
      { operationName: `${CUSTOM_TOPIC_TYPE}/regenerateKey/action` },
    ),
  ];
}

function putTopic(around: Surroundings, call: TopicCall): Answer {
  const { topics, random } = around;
  const { params, body } = call;
  topics.inventory.requireGroup(params);
  const id = topics.idOf(params, params.topic);
  const properties = objectAt(body, 'properties');
  refuseClosed(properties);
  const location = textAt(body, 'location')?.toLowerCase().replaceAll(' ', '');
  const asked = textAt(properties, 'inputSchema') ?? 'EventGridSchema';
  const inputSchema = INPUT_SCHEMAS.find((it) => it === asked);
  if (!location) {
    throw new ArmError(
      400,
      'LocationRequired',
      'The location property is required for this definition.',
    );
  }
  if (!inputSchema) {
    throw new ArmError(
      501,
      'NotSimulated',
      `The simulated Event Grid does not know the input schema ${asked}.`,
    );
  }
  const known = topics.find(id);
  const tags = tagsIn(body);
  const metricResourceId = known?.spec.metricResourceId ?? random.guid();
  const keys = known?.keys ?? { key1: newKey(random), key2: newKey(random) };
  const spec = { id, name: params.topic, location, inputSchema, metricResourceId };
  const disableLocalAuth = properties['disableLocalAuth'] === true;
  const options = { disableLocalAuth, ...(tags ? { tags } : {}) };
  const topic = topics.add(new CustomTopic(spec, keys, options));
  topic.identity = topicIdentity(isObject(body) ? body : {}, known?.identity, around);
  return watched(topic, known ? 'Updating' : 'Creating', around, call);
}

/** What Azure shows of a topic in previews, whatever was asked. Source: recorded. */
const KIND = { sku: { name: 'Basic' }, kind: 'Azure' };

/** While it is made a topic has no endpoint, and shows what was asked. Source: recorded. */
function watched(
  topic: CustomTopic,
  busy: CustomTopic['busy'],
  { operations }: Surroundings,
  call: TopicCall,
): Answer {
  topic.busy = busy;
  topic.readyAt = operations.readyAt();
  const whole = topic.body();
  const asked = objectAt(call.body, 'properties');
  const properties = {
    provisioningState: busy,
    endpoint: null,
    inputSchema: topic.spec.inputSchema,
    ...('disableLocalAuth' in asked ? { disableLocalAuth: topic.disableLocalAuth } : {}),
  };
  const shown = busy === 'Creating' ? { ...whole, properties } : whole;
  const outcome = operations.until(topic.readyAt);
  return operations.accept(call, topic.location, topicBody(shown, call, KIND), outcome);
}

/** A topic here is open to all networks and has no rules of its own. */
function refuseClosed({ publicNetworkAccess, inboundIpRules, ...rest }: JsonObject): void {
  const open = !publicNetworkAccess || /^enabled$/i.test(String(publicNetworkAccess));
  const rules = Array.isArray(inboundIpRules) && inboundIpRules.length > 0;
  const mapped = rest['inputSchemaMapping'] ? ['inputSchemaMapping'] : [];
  const asked = [
    ...(open ? [] : ['publicNetworkAccess']),
    ...(rules ? ['inboundIpRules'] : []),
    ...mapped,
  ];
  if (asked.length === 0) return;
  throw new ArmError(
    501,
    'NotSimulated',
    `The simulated Event Grid does not know ${asked.join(', ')} of a topic.`,
  );
}

/** 32 bytes. */
function newKey(random: Random): string {
  return Buffer.from(random.hex(64), 'hex').toString('base64');
}
