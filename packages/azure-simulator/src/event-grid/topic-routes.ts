import { type Answer, answer } from '../arm/answer.ts';
import { ArmError } from '../arm/arm-error.ts';
import { sameId } from '../arm/resource-id.ts';
import { type Call, type Route, route } from '../arm/route.ts';
import { VAULT_TYPE } from '../keyvault/vault.ts';
import { Collection, type Inventory } from '../resources/inventory.ts';
import { objectAt, textAt } from '../resources/json.ts';
import { listRoutes } from '../resources/read-routes.ts';
import { tagsIn } from '../resources/tags.ts';
import type { EventSubscriptions } from './event-subscriptions.ts';
import { subscriptionRoutes } from './subscription-routes.ts';
import { SystemTopic, TOPIC_KINDS, TOPIC_TYPE } from './system-topic.ts';

const TOPIC =
  '/subscriptions/:subscription/resourceGroups/:group/providers/Microsoft.EventGrid/systemTopics/:topic';

interface Surroundings {
  readonly inventory: Inventory;
  readonly subscriptions: EventSubscriptions;
}

type TopicCall = Call<'subscription' | 'group' | 'topic'>;

/**
 * System topics of a subscription, a group or a key vault, and their event subscriptions.
 *
 * Source: REST reference, Event Grid, api-version 2022-06-15. A creation ends by its body's
 * `provisioningState`, without the polling URL that Azure gives as well.
 */
export function topicRoutes({ inventory, subscriptions }: Surroundings): readonly Route[] {
  const topics = new Collection<SystemTopic>(TOPIC_TYPE, inventory);
  const topicOf = ({ params }: TopicCall) => topics.require(params, params.topic);
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
        const found = topics.find(topics.idOf(params, params.topic));
        if (!found) return answer(204);
        subscriptions.removeAll(found.topic);
        topics.remove(found.id);
        return answer(200);
      },
      { operationName: `${TOPIC_TYPE}/delete` },
    ),
    ...listRoutes(topics),
    ...subscriptionRoutes(subscriptions, {
      path: `${TOPIC}/eventSubscriptions`,
      type: `${TOPIC_TYPE}/eventSubscriptions`,
      topicOf: ({ subscription = '', group = '', topic = '' }) =>
        topics.require({ subscription, group }, topic).topic,
      prefixOf: ({ id }) => id,
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
  const location = locationOf(source, topicType, inventory);
  if (!kind || location === null) {
    throw new ArmError(
      501,
      'NotSimulated',
      `The simulated Event Grid knows the topic types ${Object.keys(TOPIC_KINDS).join(', ')} of a subscription, a group or a vault, not '${topicType}' of '${source}'.`,
    );
  }
  const known = topics.find(id);
  if (known) {
    known.tags = tagsIn(body);
    return answer(200, known.body());
  }
  const metricResourceId = `${params.subscription}-${params.topic}`.toLowerCase();
  const spec = { id, name: params.topic, kind, source, location, topicType, metricResourceId };
  return answer(201, topics.add(new SystemTopic(spec, tagsIn(body))).body());
}

/** Where a topic of a source is; `null` for a source that its type cannot have. */
function locationOf(source: string, topicType: string, inventory: Inventory): string | null {
  const [, , subscription = '', , group] = source.split('/');
  switch (topicType.toLowerCase()) {
    case 'microsoft.keyvault.vaults': {
      const vault = inventory.find(source);
      return vault?.type === VAULT_TYPE ? vault.location : null;
    }
    case 'microsoft.resources.resourcegroups':
      if (group === undefined || !inventory.findGroup({ subscription, group })) return null;
      return sameId(source, `/subscriptions/${subscription}/resourceGroups/${group}`)
        ? 'global'
        : null;
    default:
      // Topics of a whole subscription have no region.
      return sameId(source, `/subscriptions/${subscription}`) ? 'global' : null;
  }
}
