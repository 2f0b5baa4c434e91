import { type Answer, answer } from '../arm/answer.ts';
import { ArmError } from '../arm/arm-error.ts';
import { type Call, type Route, route } from '../arm/route.ts';
import { isObject, objectAt, textAt } from '../resources/json.ts';
import { destinationIn } from './destination.ts';
import type { EventSubscriptions, KnownSubscription } from './event-subscriptions.ts';
import type { EventTopic } from './event-topic.ts';
import { shownProperties } from './subscription-properties.ts';

/** Where event subscriptions of one kind of topic are found. */
interface Address {
  /** Ends in `/eventSubscriptions`; `:name` follows. */
  readonly path: string;
  readonly type: string;
  /** @throws ArmError 404 */
  readonly topicOf: (params: Readonly<Record<string, string>>) => EventTopic;
  readonly prefixOf: (topic: EventTopic) => string;
}

/**
 * Event subscriptions of a topic.
 *
 * Source: REST reference, Event Grid, api-version 2022-06-15: they are answered 201, also when they
 * were there. A change ends by its body's `provisioningState`, without a polling URL.
 */
export function subscriptionRoutes(
  subscriptions: EventSubscriptions,
  { path, type, topicOf, prefixOf }: Address,
): readonly Route[] {
  const one = `${path}/:name` as `${string}/:name`;
  const show = (known: KnownSubscription) => subscriptionBody(known, prefixOf(known.topic), type);
  const found = ({ params }: Call<'name'>): KnownSubscription => {
    const known = subscriptions.find(topicOf(params), params.name);
    if (known) return known;
    throw new ArmError(
      404,
      'ResourceNotFound',
      `The Resource '${type}/${params.name}' was not found.`,
    );
  };
  const write = { operationName: `${type}/write` };
  return [
    route(
      'PUT',
      one,
      ({ params, body }) => {
        if (!isObject(body)) throw invalidContent();
        const asked = objectAt(body, 'properties');
        return answer(201, show(subscriptions.put(topicOf(params), params.name, asked)));
      },
      write,
    ),
    route(
      'PATCH',
      one,
      (call) => answer(201, show(patch(subscriptions, found(call), call))),
      write,
    ),
    route('GET', one, (call) => answer(200, show(found(call)))),
    route(
      'DELETE',
      one,
      ({ params }) => answer(subscriptions.remove(topicOf(params), params.name) ? 200 : 204),
      { operationName: `${type}/delete` },
    ),
    route('POST', `${one}/getFullUrl`, (call) => fullUrl(found(call as Call<'name'>))),
    route('POST', `${one}/getDeliveryAttributes`, (call) => {
      found(call as Call<'name'>);
      return answer(200, { value: [] });
    }),
    route('GET', path as '/:scope', ({ params }) =>
      answer(200, { value: subscriptions.of(topicOf(params)).map(show) }),
    ),
  ];
}

/** A change names whole parts, e.g. the filter; the others stay. */
function patch(
  subscriptions: EventSubscriptions,
  { topic, name, asked }: KnownSubscription,
  { body }: Call,
): KnownSubscription {
  if (!isObject(body)) throw invalidContent();
  const changed = { ...asked, ...body };
  // One of two places: the latest counts.
  const other = 'destination' in body ? 'deliveryWithResourceIdentity' : 'destination';
  const moved = 'destination' in body || 'deliveryWithResourceIdentity' in body;
  return subscriptions.put(topic, name, moved ? { ...changed, [other]: undefined } : changed);
}

function fullUrl({ asked }: KnownSubscription): Answer {
  const endpointUrl = textAt(objectAt(destinationIn(asked), 'properties'), 'endpointUrl');
  if (endpointUrl !== undefined) return answer(200, { endpointUrl });
  // Assumed.
  throw new ArmError(400, 'InvalidRequest', 'Only a WebHook destination has a full URL.');
}

const STATES = { validating: 'Creating', active: 'Succeeded', refused: 'Failed' } as const;

export function subscriptionBody(
  { name, topic, asked, subscribing }: KnownSubscription,
  prefix: string,
  type: string,
): object {
  const provisioningState = STATES[subscribing.state()];
  return {
    id: `${prefix}/eventSubscriptions/${name}`,
    name,
    type,
    properties: { ...shownProperties(asked, topic.id), provisioningState },
  };
}

function invalidContent(): ArmError {
  return new ArmError(400, 'InvalidRequestContent', 'The request content was invalid.');
}
