import { type Answer, answer } from '../arm/answer.ts';
import { ArmError } from '../arm/arm-error.ts';
import { type Call, type Route, route } from '../arm/route.ts';
import { isObject, objectAt, textAt } from '../resources/json.ts';
import { destinationIn } from './destination.ts';
import type { EventSubscriptions, KnownSubscription } from './event-subscriptions.ts';
import type { EventTopic } from './event-topic.ts';
import type { GridOperations } from './grid-operations.ts';
import { shownProperties } from './subscription-properties.ts';
import { asShown } from './topic-body.ts';

/** Where event subscriptions of one kind of topic are found. */
interface Address {
  /** Ends in `/eventSubscriptions`; `:name` follows. */
  readonly path: string;
  readonly type: string;
  /** @throws ArmError 404 */
  readonly topicOf: (params: Readonly<Record<string, string>>) => EventTopic;
  readonly prefixOf: (topic: EventTopic) => string;
}

/** What is changed, and how the changes are watched. */
export interface Watched {
  readonly subscriptions: EventSubscriptions;
  readonly operations: GridOperations;
}

/**
 * Event subscriptions of a topic.
 *
 * Source: REST reference, Event Grid, api-version 2022-06-15, and recorded: they are answered 201, also
 * when they were there, and then watched.
 */
export function subscriptionRoutes(
  { subscriptions, operations }: Watched,
  { path, type, topicOf, prefixOf }: Address,
): readonly Route[] {
  const one = `${path}/:name` as `${string}/:name`;
  const show = (known: KnownSubscription, { apiVersion }: Call) =>
    asShown(subscriptionBody(known, prefixOf(known.topic), type), apiVersion);
  const found = ({ params }: Call<'name'>): KnownSubscription => {
    const known = subscriptions.find(topicOf(params), params.name);
    if (known) return known;
    throw new ArmError(
      404,
      'ResourceNotFound',
      `The Resource '${type}/${params.name}' was not found.`,
    );
  };
  const accepted = (call: Call, known: KnownSubscription, state: 'Creating' | 'Updating') => {
    const prefix = prefixOf(known.topic);
    const body = asShown(subscriptionBody(known, prefix, type, state), call.apiVersion);
    return operations.accept(call, known.topic.location, body, () => outcomeOf(known));
  };
  const write = { operationName: `${type}/write` };
  return [
    route(
      'PUT',
      one,
      (call) => {
        const { params, body } = call;
        if (!isObject(body)) throw invalidContent();
        const asked = objectAt(body, 'properties');
        return accepted(call, subscriptions.put(topicOf(params), params.name, asked), 'Creating');
      },
      write,
    ),
    route(
      'PATCH',
      one,
      (call) => accepted(call, patch(subscriptions, found(call), call), 'Updating'),
      write,
    ),
    route('GET', one, (call) => answer(200, show(found(call), call))),
    route(
      'DELETE',
      one,
      (call) => {
        const topic = topicOf(call.params);
        const removed = subscriptions.remove(topic, call.params.name);
        return removed ? operations.acceptDeletion(call, topic.location) : answer(204);
      },
      { operationName: `${type}/delete` },
    ),
    route('POST', `${one}/getFullUrl`, (call) => fullUrl(found(call as Call<'name'>))),
    route('POST', `${one}/getDeliveryAttributes`, (call) => {
      found(call as Call<'name'>);
      return answer(200, { value: [] });
    }),
    route('GET', path as '/:scope', (call) =>
      answer(200, { value: subscriptions.of(topicOf(call.params)).map((it) => show(it, call)) }),
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
  accepted?: 'Creating' | 'Updating',
): object {
  const provisioningState = accepted ?? STATES[subscribing.state()];
  return {
    id: `${prefix}/eventSubscriptions/${name}`,
    name,
    type,
    properties: { ...shownProperties(asked, topic, accepted === undefined), provisioningState },
    systemData: null,
  };
}

/** Source: public reports of the error. */
function outcomeOf({ asked, subscribing }: KnownSubscription) {
  const state = subscribing.state();
  if (state !== 'refused') return state === 'validating' ? 'InProgress' : 'Succeeded';
  const url = textAt(objectAt(destinationIn(asked), 'properties'), 'endpointUrl') ?? '';
  const [shown] = url.split('?');
  const message = `The attempt to validate the provided endpoint ${shown} failed. For more details, visit https://aka.ms/esvalidation.`;
  return { error: { code: 'Url validation', message } };
}

function invalidContent(): ArmError {
  return new ArmError(400, 'InvalidRequestContent', 'The request content was invalid.');
}
