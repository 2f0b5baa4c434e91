import { isObject, type JsonObject, objectAt, textAt } from '../resources/json.ts';
import { defaultEventTypes } from './default-event-types.ts';
import type { EventTopic } from './event-topic.ts';

/**
 * The subscription as it is shown: of the endpoint's URL only what is no secret. While it is made,
 * what nobody asked for is not shown yet. Source: recorded.
 */
export function shownProperties(
  asked: JsonObject,
  { id: topicId, topicType }: EventTopic,
  isMade: boolean,
): JsonObject {
  const { destination, deliveryWithResourceIdentity: delivery, ...rest } = asked;
  return {
    ...rest,
    topic: topicId,
    ...(isObject(destination) ? { destination: shownDestination(destination, isMade) } : {}),
    ...(isObject(delivery)
      ? {
          deliveryWithResourceIdentity: {
            ...delivery,
            destination: shownDestination(objectAt(delivery, 'destination'), isMade),
          },
        }
      : {}),
    filter: shownFilter(objectAt(asked, 'filter'), topicType, isMade),
    ...(isMade ? { eventDeliverySchema: asked['eventDeliverySchema'] ?? 'EventGridSchema' } : {}),
    retryPolicy: {
      maxDeliveryAttempts: 30,
      eventTimeToLiveInMinutes: 1440,
      ...objectAt(asked, 'retryPolicy'),
    },
    labels: asked['labels'] ?? null,
  };
}

const BATCH = { maxEventsPerBatch: 1, preferredBatchSizeInKilobytes: 64 };

function shownFilter(asked: JsonObject, topicType: string, isMade: boolean): JsonObject {
  const { isSubjectCaseSensitive, ...filter } = asked;
  const types = defaultEventTypes(topicType);
  return {
    ...(isMade ? { subjectBeginsWith: '', subjectEndsWith: '' } : {}),
    ...filter,
    ...(isSubjectCaseSensitive === true ? { isSubjectCaseSensitive } : {}),
    ...(types.length > 0 ? { includedEventTypes: filter['includedEventTypes'] ?? types } : {}),
  };
}

function shownDestination(destination: JsonObject, isMade: boolean): JsonObject {
  const endpointType = textAt(destination, 'endpointType') ?? 'WebHook';
  const { endpointUrl, ...properties } = objectAt(destination, 'properties');
  if (endpointType === 'StorageQueue') return { endpointType, properties };
  const batch = isMade ? BATCH : {};
  if (endpointType !== 'WebHook') return { endpointType, properties: { ...batch, ...properties } };
  const { origin, pathname } = new URL(String(endpointUrl));
  return {
    endpointType,
    properties: {
      ...batch,
      ...properties,
      endpointUrl: null,
      endpointBaseUrl: `${origin}${pathname}`,
    },
  };
}
