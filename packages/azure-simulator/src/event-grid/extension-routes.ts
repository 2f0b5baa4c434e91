import { answer } from '../arm/answer.ts';
import { sameId, startsWithId } from '../arm/resource-id.ts';
import { type Call, type Route, route } from '../arm/route.ts';
import type { Collection, Inventory } from '../resources/inventory.ts';
import { CUSTOM_TOPIC_TYPE, type CustomTopic } from './custom-topic.ts';
import type { KnownSubscription } from './event-subscriptions.ts';
import { implicitTopic } from './implicit-topic.ts';
import { subscriptionBody, subscriptionRoutes, type Watched } from './subscription-routes.ts';
import { TOPIC_TYPE } from './system-topic.ts';
import { asShown } from './topic-body.ts';

const PROVIDER = 'providers/Microsoft.EventGrid';
const EXTENSION_TYPE = 'Microsoft.EventGrid/eventSubscriptions';
const SUBSCRIPTION = '/subscriptions/:subscription';
const GROUP = `${SUBSCRIPTION}/resourceGroups/:group` as const;
const TOPIC = `${GROUP}/${PROVIDER}/topics/:topic` as const;

interface Surroundings extends Watched {
  readonly inventory: Inventory;
  readonly topics: Collection<CustomTopic>;
}

/**
 * Event subscriptions on what they are about, without a system topic of one's own: on a
 * subscription, a group, a key vault or a custom topic.
 *
 * Source: REST reference, Event Grid, Event Subscriptions and Topic Event Subscriptions,
 * api-version 2022-06-15.
 */
export function extensionRoutes(around: Surroundings): readonly Route[] {
  const { topics } = around;
  return [
    ...listRoutes(around),
    ...subscriptionRoutes(around, {
      path: `${TOPIC}/eventSubscriptions`,
      type: `${CUSTOM_TOPIC_TYPE}/eventSubscriptions`,
      topicOf: ({ subscription = '', group = '', topic = '' }) =>
        topics.require({ subscription, group }, topic).topic,
      prefixOf: ({ id }) => id,
    }),
    ...subscriptionRoutes(around, {
      path: `/:scope/${PROVIDER}/eventSubscriptions`,
      type: EXTENSION_TYPE,
      topicOf: ({ scope = '' }) => implicitTopic(`/${scope}`, around),
      prefixOf,
    }),
  ];
}

const prefixOf = ({ id }: KnownSubscription['topic']) => `${id}/${PROVIDER}`;

/** Lists over many topics: all that are global, or those of a region; of one topic type, or of all. */
function listRoutes({ inventory, subscriptions }: Surroundings): readonly Route[] {
  const list = ({ params, apiVersion }: Call) => {
    const { subscription = '', group, location = 'global', topicType } = params;
    if (group === undefined) inventory.requireSubscription(subscription);
    else inventory.requireGroup({ subscription, group });
    const below = group === undefined ? '' : `/resourceGroups/${group}`;
    const found = subscriptions
      .list()
      .filter(
        ({ topic }) =>
          !topic.id.includes(`/${TOPIC_TYPE}/`) &&
          startsWithId(topic.id, `/subscriptions/${subscription}${below}`) &&
          sameId(topic.location, location) &&
          (topicType === undefined || sameId(topic.topicType, topicType)),
      );
    const value = found.map((it) =>
      asShown(subscriptionBody(it, prefixOf(it.topic), EXTENSION_TYPE), apiVersion),
    );
    return answer(200, { value });
  };
  const places = [SUBSCRIPTION, GROUP].flatMap((place) => [
    `${place}/${PROVIDER}`,
    `${place}/${PROVIDER}/locations/:location`,
  ]);
  return places
    .flatMap((place) => [place, `${place}/topicTypes/:topicType`])
    .map((path) => route('GET', `${path}/eventSubscriptions`, (call) => list(call as Call)));
}
