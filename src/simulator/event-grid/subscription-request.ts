import { ArmError } from '../arm/arm-error.ts';
import { isObject, type JsonObject, objectAt, textAt } from '../resources/json.ts';
import type { EventSubscription } from './delivery.ts';
import type { AdvancedFilter, EventFilter } from './filter.ts';
import { filterMistakes } from './filter-mistakes.ts';

/** What a template says of an event subscription. */
export type SubscriptionRequest = Omit<EventSubscription, 'name' | 'kind' | 'deliver'>;

const SCHEMAS = ['EventGridSchema', 'CloudEventSchemaV1_0'] as const;
const NOT_SIMULATED = ['deliveryWithResourceIdentity', 'expirationTimeUtc'];

/**
 * Reads the body of an event subscription.
 *
 * @throws ArmError 400 with every mistake, 501 for what is not simulated. The limits are documented,
 * the code and the text of the 400 are assumed.
 */
export function readSubscription(body: unknown): SubscriptionRequest {
  const properties = objectAt(body, 'properties');
  refuseNotSimulated(properties);
  const filter = objectAt(properties, 'filter');
  const policy = objectAt(properties, 'retryPolicy');
  const attempts = policy['maxDeliveryAttempts'] ?? 30;
  const minutes = policy['eventTimeToLiveInMinutes'] ?? 1440;
  const named = properties['eventDeliverySchema'] ?? 'EventGridSchema';
  const schema = SCHEMAS.find((it) => it === named);
  const endpointUrl = textAt(destinationOf(properties), 'endpointUrl');
  const mistakes = [
    ...(endpointUrl && URL.canParse(endpointUrl)
      ? []
      : ['destination.properties.endpointUrl must be a URL.']),
    ...(schema ? [] : [`eventDeliverySchema must be one of ${SCHEMAS.join(', ')}.`]),
    ...between('retryPolicy.maxDeliveryAttempts', attempts, 30),
    ...between('retryPolicy.eventTimeToLiveInMinutes', minutes, 1440),
    ...filterMistakes(filter['advancedFilters']),
  ];
  if (mistakes.length > 0 || !schema || !endpointUrl) {
    throw new ArmError(400, 'InvalidRequest', mistakes.join(' '));
  }
  return {
    schema,
    endpointUrl,
    maxDeliveryAttempts: Number(attempts),
    eventTimeToLiveInMinutes: Number(minutes),
    keepsDeadLetters: isObject(properties['deadLetterDestination']),
    ...filterOf(filter),
  };
}

/** The subscription as it is shown: of the endpoint's URL only what is no secret. */
export function shownProperties(body: unknown, topicId: string): JsonObject {
  const properties = objectAt(body, 'properties');
  const destination = destinationOf(properties);
  const { origin, pathname } = new URL(textAt(destination, 'endpointUrl') ?? '');
  const { endpointUrl: _, ...shown } = destination;
  return {
    ...properties,
    topic: topicId,
    destination: {
      endpointType: 'WebHook',
      properties: {
        maxEventsPerBatch: 1,
        preferredBatchSizeInKilobytes: 64,
        ...shown,
        endpointBaseUrl: `${origin}${pathname}`,
      },
    },
    filter: { subjectBeginsWith: '', subjectEndsWith: '', ...objectAt(properties, 'filter') },
    eventDeliverySchema: properties['eventDeliverySchema'] ?? 'EventGridSchema',
    retryPolicy: {
      maxDeliveryAttempts: 30,
      eventTimeToLiveInMinutes: 1440,
      ...objectAt(properties, 'retryPolicy'),
    },
    labels: properties['labels'] ?? [],
  };
}

function refuseNotSimulated(properties: JsonObject): void {
  const destination = objectAt(properties, 'destination');
  const type = textAt(destination, 'endpointType');
  const batch = destinationOf(properties)['maxEventsPerBatch'] ?? 1;
  const unknown = [
    ...NOT_SIMULATED.filter((name) => name in properties),
    ...(type === undefined || type === 'WebHook' ? [] : [`the destination ${type}`]),
    ...(batch === 1 ? [] : ['batches']),
  ];
  if (unknown.length === 0) return;
  throw new ArmError(
    501,
    'NotSimulated',
    `The simulated Event Grid does not know ${unknown.join(', ')}.`,
  );
}

function destinationOf(properties: JsonObject): JsonObject {
  return objectAt(objectAt(properties, 'destination'), 'properties');
}

function between(name: string, value: unknown, most: number): readonly string[] {
  const fits = Number.isInteger(value) && Number(value) >= 1 && Number(value) <= most;
  return fits ? [] : [`${name} must be a whole number from 1 to ${most}.`];
}

function filterOf(filter: JsonObject): EventFilter {
  const { includedEventTypes: types, advancedFilters: advanced } = filter;
  const begins = textAt(filter, 'subjectBeginsWith');
  const ends = textAt(filter, 'subjectEndsWith');
  return {
    ...(Array.isArray(types) ? { includedEventTypes: types.map(String) } : {}),
    ...(begins ? { subjectBeginsWith: begins } : {}),
    ...(ends ? { subjectEndsWith: ends } : {}),
    isSubjectCaseSensitive: filter['isSubjectCaseSensitive'] === true,
    enableAdvancedFilteringOnArrays: filter['enableAdvancedFilteringOnArrays'] === true,
    // Checked one by one before.
    ...(Array.isArray(advanced) ? { advancedFilters: advanced as readonly AdvancedFilter[] } : {}),
  };
}
