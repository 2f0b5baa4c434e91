import { eventTime } from '../arm/time.ts';
import { isObject, type JsonObject, textAt } from '../resources/json.ts';
import type { GridEvent } from './event.ts';
import type { EventTopic } from './event-topic.ts';

/** What a client sent to a topic. */
export interface Published {
  readonly contentType: string;
  /** Parsed JSON, or text that is none. */
  readonly body: unknown;
}

const CLOUD_TEXTS = ['id', 'source', 'type'] as const;
const GRID_TEXTS = ['id', 'subject', 'eventType', 'eventTime'] as const;
const ATTRIBUTE = /^[a-z0-9]{1,20}$/;

/**
 * Reads the events of a request, all or none: an array in the schema of Event Grid, or CloudEvents
 * 1.0, one by itself or an array.
 *
 * Source: "Azure Event Grid event schema", "CloudEvents v1.0 schema". The words of a mistake are
 * assumed.
 *
 * @returns the events, or what is wrong.
 */
export function readPublished(
  { contentType, body }: Published,
  topic: EventTopic,
): readonly GridEvent[] | string {
  const isSingle = /^application\/cloudevents\+json/i.test(contentType);
  const events = isSingle && isObject(body) ? [body] : body;
  if (!Array.isArray(events)) {
    return `This resource is configured to receive event in '${schemaOf(topic)}' schema. The JSON received does not conform to the expected schema. Token Expected: StartArray, Actual Token Received: ${isObject(body) ? 'StartObject' : 'None'}.`;
  }
  const read = events.map((event: unknown, index) => {
    const mistake = topic.takesCloudEvents ? cloudMistake(event) : gridMistake(event, topic);
    if (mistake !== null) return `Event ${index}: ${mistake}`;
    // Just looked through.
    const whole = event as JsonObject;
    return topic.takesCloudEvents ? fromCloud(whole, topic) : fromGrid(whole, topic);
  });
  const mistakes = read.filter((it) => typeof it === 'string');
  if (mistakes.length > 0) {
    return `This resource is configured to receive event in '${schemaOf(topic)}' schema. The JSON received does not conform to the expected schema. ${mistakes.join(' ')}`;
  }
  return read.filter((it) => typeof it !== 'string');
}

function schemaOf({ takesCloudEvents }: EventTopic): string {
  return takesCloudEvents ? 'CloudEventV10' : 'EventGridEvent';
}

function gridMistake(event: unknown, topic: EventTopic): string | null {
  if (!isObject(event)) return 'it must be an object.';
  const missing = GRID_TEXTS.filter((name) => !textAt(event, name));
  if (missing.length > 0) return `${missing.join(', ')} must be a text.`;
  if (Number.isNaN(Date.parse(textAt(event, 'eventTime') ?? '')))
    return 'eventTime must be a time.';
  const named = textAt(event, 'topic');
  if (named && named.toLowerCase() !== topic.id.toLowerCase()) {
    return 'topic must be absent or the ID of this topic.';
  }
  return ['1', undefined].includes(textAt(event, 'metadataVersion'))
    ? null
    : 'metadataVersion must be 1.';
}

function cloudMistake(event: unknown): string | null {
  if (!isObject(event)) return 'it must be an object.';
  const missing = CLOUD_TEXTS.filter((name) => !textAt(event, name));
  if (missing.length > 0) return `${missing.join(', ')} must be a text.`;
  if (event['specversion'] !== '1.0') return 'specversion must be 1.0.';
  if ('data' in event && 'data_base64' in event) return 'data and data_base64 exclude each other.';
  const time = event['time'];
  if (time !== undefined && Number.isNaN(Date.parse(String(time)))) return 'time must be a time.';
  const odd = Object.keys(event).find((name) => name !== 'data_base64' && !ATTRIBUTE.test(name));
  return odd === undefined ? null : `${odd} is no name of an attribute.`;
}

function fromGrid(event: JsonObject, { id: topic, kind }: EventTopic): GridEvent {
  return {
    kind,
    topic,
    id: textAt(event, 'id') ?? '',
    type: textAt(event, 'eventType') ?? '',
    subject: textAt(event, 'subject') ?? '',
    time: textAt(event, 'eventTime') ?? '',
    dataVersion: textAt(event, 'dataVersion') ?? '',
    data: event['data'],
  };
}

function fromCloud(cloudEvent: JsonObject, { id: topic, kind }: EventTopic): GridEvent {
  return {
    kind,
    topic,
    id: textAt(cloudEvent, 'id') ?? '',
    type: textAt(cloudEvent, 'type') ?? '',
    subject: textAt(cloudEvent, 'subject') ?? '',
    time: textAt(cloudEvent, 'time') ?? eventTime(Date.now()),
    dataVersion: '',
    data: cloudEvent['data'],
    cloudEvent,
  };
}
