import { type Answer, answer } from '../arm/answer.ts';
import { ArmError } from '../arm/arm-error.ts';
import { type Call, type Route, route } from '../arm/route.ts';
import type { Random } from '../random.ts';
import type { Collection } from '../resources/inventory.ts';
import { objectAt, textAt } from '../resources/json.ts';
import { listRoutes } from '../resources/read-routes.ts';
import { tagsIn } from '../resources/tags.ts';
import { CUSTOM_TOPIC_TYPE, CustomTopic } from './custom-topic.ts';
import type { EventSubscriptions } from './event-subscriptions.ts';

const TOPIC =
  '/subscriptions/:subscription/resourceGroups/:group/providers/Microsoft.EventGrid/topics/:topic';

const INPUT_SCHEMAS = ['EventGridSchema', 'CloudEventSchemaV1_0'] as const;

interface Surroundings {
  readonly topics: Collection<CustomTopic>;
  readonly subscriptions: EventSubscriptions;
  readonly random: Random;
}

type TopicCall = Call<'subscription' | 'group' | 'topic'>;

/**
 * Custom topics.
 *
 * Source: REST reference, Event Grid, Topics, api-version 2022-06-15. A creation and a deletion end
 * at once, without the polling URL that Azure gives as well.
 */
export function customTopicRoutes(around: Surroundings): readonly Route[] {
  const { topics, subscriptions, random } = around;
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
        const { disableLocalAuth } = objectAt(call.body, 'properties');
        topic.tags = tagsIn(call.body) ?? topic.tags;
        if (disableLocalAuth !== undefined) topic.disableLocalAuth = disableLocalAuth === true;
        return answer(200, topic.body());
      },
      write,
    ),
    route('GET', TOPIC, (call) => answer(200, topicOf(call).body())),
    route(
      'DELETE',
      TOPIC,
      ({ params }) => {
        inventory.requireGroup(params);
        const found = topics.find(topics.idOf(params, params.topic));
        if (found) {
          subscriptions.removeAll(found.topic);
          topics.remove(found.id);
        }
        return answer(204);
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

function putTopic({ topics, random }: Surroundings, { params, body }: TopicCall): Answer {
  topics.inventory.requireGroup(params);
  const id = topics.idOf(params, params.topic);
  const properties = objectAt(body, 'properties');
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
  return answer(201, topics.add(new CustomTopic(spec, keys, options)).body());
}

/** 32 bytes. */
function newKey(random: Random): string {
  return Buffer.from(random.hex(64), 'hex').toString('base64');
}
