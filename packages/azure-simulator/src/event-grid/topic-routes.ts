import { type Answer, answer } from '../arm/answer.ts';
import { ArmError } from '../arm/arm-error.ts';
import { sameId } from '../arm/resource-id.ts';
import { type Call, type Route, route } from '../arm/route.ts';
import { VAULT_TYPE } from '../keyvault/vault.ts';
import type { Random } from '../random.ts';
import { Collection, type Inventory } from '../resources/inventory.ts';
import { isObject, objectAt, textAt } from '../resources/json.ts';
import { listRoutes } from '../resources/read-routes.ts';
import { tagsIn } from '../resources/tags.ts';
import { subscriptionRoutes, type Watched } from './subscription-routes.ts';
import { SystemTopic, TOPIC_KINDS, TOPIC_TYPE } from './system-topic.ts';
import { topicBody } from './topic-body.ts';
import { topicIdentity } from './topic-identity.ts';

const TOPIC =
  '/subscriptions/:subscription/resourceGroups/:group/providers/Microsoft.EventGrid/systemTopics/:topic';

interface Surroundings extends Watched {
  readonly inventory: Inventory;
  readonly random: Random;
  readonly tenantId: string;
}

type TopicCall = Call<'subscription' | 'group' | 'topic'>;

/**
 * System topics of a subscription, a group or a key vault, and their event subscriptions.
 *
 * Source: REST reference, Event Grid, api-version 2022-06-15; recorded. A PUT on one that is there ends at
 * once.
 */
export function topicRoutes(around: Surroundings): readonly Route[] {
  const { inventory, subscriptions, operations } = around;
  const topics = new Collection<SystemTopic>(TOPIC_TYPE, inventory);
  const topicOf = ({ params }: TopicCall) => topics.require(params, params.topic);
  const write = { operationName: `${TOPIC_TYPE}/write` };
  return [
    route('PUT', TOPIC, (call) => putTopic(topics, around, call), write),
    route('PATCH', TOPIC, (call) => patchTopic(topicOf(call), around, call), write),
    route('GET', TOPIC, (call) => answer(200, topicBody(topicOf(call).body(), call))),
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
      { operationName: `${TOPIC_TYPE}/delete` },
    ),
    ...listRoutes(topics),
    ...subscriptionRoutes(around, {
      path: `${TOPIC}/eventSubscriptions`,
      type: `${TOPIC_TYPE}/eventSubscriptions`,
      topicOf: ({ subscription = '', group = '', topic = '' }) =>
        topics.require({ subscription, group }, topic).topic,
      prefixOf: ({ id }) => id,
    }),
  ];
}

function putTopic(topics: Collection<SystemTopic>, around: Surroundings, call: TopicCall): Answer {
  const { params, body } = call;
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
    known.identity = topicIdentity(isObject(body) ? body : {}, known.identity, around);
    return answer(200, topicBody(known.body(), call));
  }
  const metricResourceId = `${params.subscription}-${params.topic}`.toLowerCase();
  const spec = { id, name: params.topic, kind, source, location, topicType, metricResourceId };
  const topic = topics.add(new SystemTopic(spec, tagsIn(body)));
  topic.identity = topicIdentity(isObject(body) ? body : {}, undefined, around);
  return watched(topic, 'Creating', around, call);
}

/** A change names tags or the identity. Source: recorded. */
function patchTopic(topic: SystemTopic, around: Surroundings, call: TopicCall): Answer {
  const { body } = call;
  topic.tags = tagsIn(body) ?? topic.tags;
  topic.identity = topicIdentity(isObject(body) ? body : {}, topic.identity, around);
  return watched(topic, 'Updating', around, call);
}

function watched(
  topic: SystemTopic,
  busy: SystemTopic['busy'],
  { operations }: Surroundings,
  call: TopicCall,
): Answer {
  topic.busy = busy;
  topic.readyAt = operations.readyAt();
  const outcome = operations.until(topic.readyAt);
  return operations.accept(call, topic.location, topicBody(topic.body(), call), outcome);
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
