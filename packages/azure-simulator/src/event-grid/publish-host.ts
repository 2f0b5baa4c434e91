import { type Answer, answer } from '../arm/answer.ts';
import { ArmError } from '../arm/arm-error.ts';
import { type Call, route } from '../arm/route.ts';
import type { RoleStore } from '../authorization/role-store.ts';
import type { Host } from '../gateway.ts';
import { judgeToken } from '../identity/judge-token.ts';
import type { Collection } from '../resources/inventory.ts';
import type { CustomTopic } from './custom-topic.ts';
import type { EventHub } from './event-hub.ts';
import { readPublished } from './publish.ts';

/** Of a request, and so of an event. Source: "Event Grid quotas and limits". */
const MOST_BYTES = 2 ** 20;
const MOST_EVENTS = 5000;
const AUDIENCES = ['https://eventgrid.azure.net', 'https://eventgrid.azure.net/'];
const SEND = 'Microsoft.EventGrid/events/send/action';

interface Surroundings {
  readonly topics: Collection<CustomTopic>;
  readonly roles: RoleStore;
  readonly hub: EventHub;
  readonly tenantId: string;
}

/**
 * The host of each custom topic, where events are published.
 *
 * Source: "Publish events to custom topics"; statuses are documented, codes and texts are those of
 * public reports as far as there are any.
 */
export function publishHost({ topics, roles, hub, tenantId }: Surroundings): Host {
  const topicAt = ({ hostname }: URL) =>
    topics.list().find((it) => it.hostname === hostname.toLowerCase());
  const publish = (call: Call): Answer => {
    const topic = topicAt(call.url);
    if (!topic) throw refusal(404, 'NotFound', 'The topic was not found.');
    refuseStranger(topic, call, { roles, tenantId });
    if ((call.bodyBytes ?? 0) > MOST_BYTES) {
      throw refusal(
        413,
        'RequestEntityTooLarge',
        `The maximum size (${MOST_BYTES}) has been exceeded.`,
      );
    }
    const contentType = call.headers['content-type'] ?? 'application/json';
    const events = readPublished({ contentType, body: call.body }, topic.topic);
    if (typeof events === 'string') throw refusal(400, 'BadRequest', events, 'InputJsonInvalid');
    if (events.length > MOST_EVENTS) {
      throw refusal(
        413,
        'RequestEntityTooLarge',
        `The maximum of ${MOST_EVENTS} events has been exceeded.`,
      );
    }
    for (const event of events) hub.raise(event);
    return answer(200);
  };
  return {
    // A topic that does not exist has no host name either.
    serves: (url) => topicAt(url) !== undefined,
    isResourceManager: false,
    judgeCaller: () => null,
    refuseBadRequest: () => {},
    headers: ({ requestId }) => ({
      'content-type': 'application/json; charset=utf-8',
      'x-ms-request-id': requestId,
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
      date: new Date().toUTCString(),
    }),
    routes: [route('POST', '/api/events', publish)],
  };
}

/** @throws ArmError 401 unless a key or a token allows to send. */
function refuseStranger(
  topic: CustomTopic,
  { headers, caller }: Call,
  { roles, tenantId }: Pick<Surroundings, 'roles' | 'tenantId'>,
): void {
  const { authorization, 'aeg-sas-key': key, 'aeg-sas-token': sas } = headers;
  if (sas !== undefined) {
    const message = 'The simulated Event Grid does not know aeg-sas-token.';
    throw new ArmError(501, 'NotSimulated', message);
  }
  if (key !== undefined) {
    const isKnown = Object.values(topic.keys).includes(key);
    if (isKnown && !topic.disableLocalAuth) return;
    throw unauthorized(
      `The request authorization key is not authorized for ${topic.hostname.toUpperCase()}.`,
    );
  }
  if (authorization === undefined) {
    throw unauthorized(
      'Request must contain one of the following authorization signature: aeg-sas-token, aeg-sas-key.',
    );
  }
  if (judgeToken(authorization, { audiences: AUDIENCES, tenantId, now: Date.now() })) {
    throw unauthorized('The access token presented with the incoming request is not valid.');
  }
  if (!roles.allows(caller.objectId, SEND, topic.id, 'dataActions')) {
    throw unauthorized(
      `The principal associated with access token presented with the incoming request does not have permission to send data to ${topic.id}.`,
    );
  }
}

function unauthorized(message: string): ArmError {
  return refusal(401, 'Unauthorized', message);
}

/** Each says itself twice. */
function refusal(status: number, code: string, message: string, detail = code): ArmError {
  return new ArmError(status, code, message, { details: [{ code: detail, message }] });
}
