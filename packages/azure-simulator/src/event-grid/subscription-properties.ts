import { isObject, type JsonObject, objectAt, textAt } from '../resources/json.ts';

/** The subscription as it is shown: of the endpoint's URL only what is no secret. */
export function shownProperties(asked: JsonObject, topicId: string): JsonObject {
  const { destination, deliveryWithResourceIdentity: delivery, ...rest } = asked;
  return {
    ...rest,
    topic: topicId,
    ...(isObject(destination) ? { destination: shownDestination(destination) } : {}),
    ...(isObject(delivery)
      ? {
          deliveryWithResourceIdentity: {
            ...delivery,
            destination: shownDestination(objectAt(delivery, 'destination')),
          },
        }
      : {}),
    filter: { subjectBeginsWith: '', subjectEndsWith: '', ...objectAt(asked, 'filter') },
    eventDeliverySchema: asked['eventDeliverySchema'] ?? 'EventGridSchema',
    retryPolicy: {
      maxDeliveryAttempts: 30,
      eventTimeToLiveInMinutes: 1440,
      ...objectAt(asked, 'retryPolicy'),
    },
    labels: asked['labels'] ?? [],
  };
}

const BATCH = { maxEventsPerBatch: 1, preferredBatchSizeInKilobytes: 64 };

function shownDestination(destination: JsonObject): JsonObject {
  const endpointType = textAt(destination, 'endpointType') ?? 'WebHook';
  const { endpointUrl, ...properties } = objectAt(destination, 'properties');
  if (endpointType === 'StorageQueue') return { endpointType, properties };
  if (endpointType !== 'WebHook') return { endpointType, properties: { ...BATCH, ...properties } };
  const { origin, pathname } = new URL(String(endpointUrl));
  return {
    endpointType,
    properties: { ...BATCH, ...properties, endpointBaseUrl: `${origin}${pathname}` },
  };
}
