import type { Call } from '../arm/route.ts';
import { eventTime } from '../arm/time.ts';
import type { ManagedIdentity } from '../identity/tokens.ts';
import { isObject, type JsonObject } from '../resources/json.ts';
import type { ResourceRecord } from '../resources/resource.ts';

/** Which kind of topic an event belongs to: system topics, and those that anybody publishes to. */
export type TopicKind = 'resources' | 'resource-notifications' | 'key-vault' | 'custom';

export type EventSchema = 'EventGridSchema' | 'CloudEventSchemaV1_0';

/** An event without an envelope. */
export interface GridEvent {
  readonly id: string;
  readonly kind: TopicKind;
  readonly type: string;
  readonly subject: string;
  readonly topic: string;
  readonly time: string;
  readonly dataVersion: string;
  /** An object, but for what is published to custom topics. */
  readonly data: unknown;
  /** The whole CloudEvent where one was published: it is delivered as it came. */
  readonly cloudEvent?: JsonObject;
}

/** The event in the envelope that a subscription chose. */
export function inEnvelope(event: GridEvent, schema: EventSchema): object {
  const { id, subject, topic, type, time, dataVersion, data } = event;
  if (schema === 'CloudEventSchemaV1_0') {
    if (event.cloudEvent) return event.cloudEvent;
    return { id, source: topic, type, subject, time, specversion: '1.0', data };
  }
  return {
    id,
    topic,
    subject,
    eventType: type,
    eventTime: time,
    dataVersion,
    metadataVersion: '1',
    data,
  };
}

interface Change {
  readonly id: string;
  readonly topic: string;
  /** Full ID of the resource, in the caller's casing. */
  readonly resourceId: string;
  readonly operationName: string;
  readonly succeeded: boolean;
  readonly call: Call;
  readonly identity: ManagedIdentity;
}

/**
 * What the subscription's topic says about a write, an action or a deletion. It holds no resource.
 *
 * Source: "Azure subscription as an Event Grid source". The group's segment is lower-case in the
 * subject and as called elsewhere: the casing is inconsistent in the documentation too.
 */
export function resourceEvent(change: Change): GridEvent {
  const { id, topic, resourceId, operationName, succeeded, call, identity } = change;
  const { objectId, appId } = call.caller;
  const seconds = Math.floor(Date.now() / 1000);
  const outcome = succeeded ? 'Success' : 'Failure';
  return {
    id,
    kind: 'resources',
    topic,
    type: `Microsoft.Resources.Resource${verb(operationName)}${outcome}`,
    subject: resourceId.replace(/\/resourceGroups\//i, '/resourcegroups/'),
    time: eventTime(Date.now()),
    dataVersion: '2',
    data: {
      authorization: {
        scope: resourceId,
        action: operationName,
        evidence: {
          role: 'Contributor',
          roleAssignmentScope: topic,
          roleAssignmentId: '5f7a1c3d2b484e0d9f6a7c8b9d0e1f23',
          roleDefinitionId: 'b24988ac618042a0ab8820f7382dd24c',
          principalId: objectId.replaceAll('-', ''),
          principalType: 'ServicePrincipal',
        },
      },
      claims: {
        aud: 'https://management.azure.com/',
        iss: `https://sts.windows.net/${identity.tenantId}/`,
        iat: String(seconds),
        nbf: String(seconds),
        exp: String(seconds + 3600),
        appid: appId,
        appidacr: '2',
        'http://schemas.microsoft.com/identity/claims/objectidentifier': objectId,
        'http://schemas.microsoft.com/identity/claims/tenantid': identity.tenantId,
        uti: 'simulated',
        ver: '1.0',
      },
      correlationId: call.correlationId,
      httpRequest: {
        clientRequestId: call.headers['x-ms-client-request-id'] ?? call.correlationId,
        clientIpAddress: '192.0.2.10',
        method: call.method,
        url: call.url.href,
      },
      resourceProvider: operationName.split('/')[0] ?? '',
      resourceUri: resourceId,
      operationName,
      status: succeeded ? 'Succeeded' : 'Failed',
      subscriptionId: topic.split('/')[2] ?? '',
      tenantId: identity.tenantId,
    },
  };
}

/**
 * What the notifications topic says about a resource that was made or changed, with its properties.
 *
 * Source: "Azure Resource Notifications – Resources". Truth values arrive as 0 and 1 there.
 */
export function notificationOf(id: string, topic: string, resource: ResourceRecord): GridEvent {
  const { tags, properties } = resource.body();
  return {
    ...notification(id, topic, resource.id, 'CreatedOrUpdated'),
    data: {
      resourceInfo: {
        ...resourceInfo(resource.id, resource.type),
        location: resource.location,
        tags: tags ?? {},
        properties: numbersForTruth(properties),
      },
      apiVersion: '2024-03-02',
      operationalInfo: { resourceEventTime: eventTime(Date.now()) },
    },
  };
}

export function deletionOf(id: string, topic: string, resourceId: string, type: string): GridEvent {
  return {
    ...notification(id, topic, resourceId, 'Deleted'),
    data: {
      resourceInfo: resourceInfo(resourceId, type),
      operationalInfo: { resourceEventTime: eventTime(Date.now()) },
    },
  };
}

function notification(
  id: string,
  topic: string,
  subject: string,
  what: string,
): Omit<GridEvent, 'data'> {
  return {
    id,
    kind: 'resource-notifications',
    topic,
    type: `Microsoft.ResourceNotifications.Resources.${what}`,
    subject,
    time: eventTime(Date.now()),
    dataVersion: '1',
  };
}

function resourceInfo(id: string, type: string): object {
  return { id, name: id.slice(id.lastIndexOf('/') + 1), type };
}

function numbersForTruth(value: unknown): unknown {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (Array.isArray(value)) return value.map(numbersForTruth);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, it]) => [key, numbersForTruth(it)]));
}

function verb(operationName: string): 'Write' | 'Delete' | 'Action' {
  if (operationName.endsWith('/write')) return 'Write';
  return operationName.endsWith('/delete') ? 'Delete' : 'Action';
}
