import { ArmError } from '../arm/arm-error.ts';
import { isObject, type JsonObject, objectAt, textAt } from '../resources/json.ts';
import type { EventSubscription } from './delivery.ts';
import { type Destination, destinationIn, readDestination } from './destination.ts';
import type { EventTopic } from './event-topic.ts';
import type { AdvancedFilter, EventFilter } from './filter.ts';
import { filterMistakes } from './filter-mistakes.ts';

/** What a template says of an event subscription. */
export type SubscriptionRequest = Omit<
  EventSubscription,
  'name' | 'kind' | 'deliver' | 'endpointType' | 'endpointUrl'
> & { readonly destination: Destination };

const SCHEMAS = ['EventGridSchema', 'CloudEventSchemaV1_0'] as const;
const NEVER = '9999-12-31T00:00:00Z';

/**
 * Reads what is asked of an event subscription. An identity or an application to deliver with is
 * taken and shown, but no token is sent.
 *
 * @throws ArmError 400 with every mistake, 501 for what is not simulated. The limits are documented,
 * the code and the text of the 400 are assumed.
 */
export function readSubscription(asked: JsonObject, topic: EventTopic): SubscriptionRequest {
  const shown = destinationIn(asked);
  const destination = readDestination(shown);
  refuseNotSimulated(shown, destination);
  const filter = objectAt(asked, 'filter');
  const numbers = readNumbers(asked, shown);
  const usual = topic.takesCloudEvents ? 'CloudEventSchemaV1_0' : 'EventGridSchema';
  const schema = SCHEMAS.find((it) => it === (asked['eventDeliverySchema'] ?? usual));
  const expiresAt = Date.parse(String(asked['expirationTimeUtc'] ?? NEVER));
  const mistakes = [
    ...(typeof destination === 'string' ? [destination] : []),
    ...(schema ? [] : [`eventDeliverySchema must be one of ${SCHEMAS.join(', ')}.`]),
    ...(schema === 'EventGridSchema' && topic.takesCloudEvents
      ? ['eventDeliverySchema of a topic of CloudEvents must be CloudEventSchemaV1_0.']
      : []),
    ...numberMistakes(numbers),
    ...(Number.isNaN(expiresAt) ? ['expirationTimeUtc must be a time.'] : []),
    ...filterMistakes(filter['advancedFilters']),
  ];
  if (mistakes.length > 0 || !schema || typeof destination !== 'object') {
    throw new ArmError(400, 'InvalidRequest', mistakes.join(' '));
  }
  return {
    schema,
    destination,
    expiresAt,
    ...numbers,
    keepsDeadLetters:
      isObject(asked['deadLetterDestination']) || isObject(asked['deadLetterWithResourceIdentity']),
    ...filterOf(filter),
  };
}

/** What is missing has its usual value; what is no number is `NaN`. */
function readNumbers(asked: JsonObject, destination: JsonObject) {
  const policy = objectAt(asked, 'retryPolicy');
  const batch = objectAt(destination, 'properties');
  return {
    maxDeliveryAttempts: Number(policy['maxDeliveryAttempts'] ?? 30),
    eventTimeToLiveInMinutes: Number(policy['eventTimeToLiveInMinutes'] ?? 1440),
    maxEventsPerBatch: Number(batch['maxEventsPerBatch'] ?? 1),
    preferredBatchSizeInKilobytes: Number(batch['preferredBatchSizeInKilobytes'] ?? 64),
  };
}

function numberMistakes(numbers: ReturnType<typeof readNumbers>): readonly string[] {
  return [
    ...between('retryPolicy.maxDeliveryAttempts', numbers.maxDeliveryAttempts, 30),
    ...between('retryPolicy.eventTimeToLiveInMinutes', numbers.eventTimeToLiveInMinutes, 1440),
    ...between('maxEventsPerBatch', numbers.maxEventsPerBatch, 5000),
    ...between('preferredBatchSizeInKilobytes', numbers.preferredBatchSizeInKilobytes, 1024),
  ];
}

function refuseNotSimulated(shown: JsonObject, destination: unknown): void {
  const type = textAt(shown, 'endpointType');
  const attributes = objectAt(shown, 'properties')['deliveryAttributeMappings'];
  const unknown = [
    ...(destination === undefined ? [`the destination ${type}`] : []),
    ...(Array.isArray(attributes) && attributes.length > 0 ? ['deliveryAttributeMappings'] : []),
  ];
  if (unknown.length === 0) return;
  throw new ArmError(
    501,
    'NotSimulated',
    `The simulated Event Grid does not know ${unknown.join(', ')}.`,
  );
}

function between(name: string, value: number, most: number): readonly string[] {
  const fits = Number.isInteger(value) && value >= 1 && value <= most;
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
