import { type EventSchema, type GridEvent, inEnvelope, type TopicKind } from './event.ts';

export interface EventSubscription {
  readonly name: string;
  readonly kind: TopicKind;
  readonly schema: EventSchema;
  readonly endpointUrl: string;
  /** Carries a request to the endpoint, whatever lies between. */
  deliver(request: Request): Promise<Response>;
  /** All types when absent. */
  readonly includedEventTypes?: readonly string[];
  /** `data.operationName` is one of these, without regard to case. */
  readonly operationNames?: readonly string[];
  readonly subjectBeginsWith?: string;
  readonly subjectEndsWith?: string;
  readonly maxDeliveryAttempts?: number;
}

/** Waiting times between attempts, in seconds. Source: "Event Grid message delivery and retry". */
export const RETRY_AFTER_S = [10, 30, 60, 300, 600, 1800, 3600, 10_800, 21_600, 43_200] as const;

/** A receiver must answer within this time, which no speed shortens: its work is real. */
const RESPONSE_TIMEOUT_MS = 30_000;

const DELIVERED = new Set([200, 201, 202, 203, 204]);
const NEVER_RETRIED = new Set([400, 401, 403, 413]);

export type Outcome = 'delivered' | 'retry' | 'dropped';

/** Whether a subscription wants an event. Comparisons disregard case, as Event Grid's do. */
export function wants(subscription: EventSubscription, event: GridEvent): boolean {
  const { kind, includedEventTypes, operationNames, subjectBeginsWith, subjectEndsWith } =
    subscription;
  const subject = event.subject.toLowerCase();
  const operation = String(event.data['operationName'] ?? '').toLowerCase();
  return (
    kind === event.kind &&
    (!includedEventTypes || includedEventTypes.includes(event.type)) &&
    (!operationNames || operationNames.some((it) => it.toLowerCase() === operation)) &&
    subject.startsWith((subjectBeginsWith ?? '').toLowerCase()) &&
    subject.endsWith((subjectEndsWith ?? '').toLowerCase())
  );
}

/** The request that carries an event; one event each, in an array unless it is a CloudEvent. */
export function deliveryOf(
  event: GridEvent,
  to: EventSubscription,
  attempt: number,
): { headers: Record<string, string>; body: string } {
  const cloud = to.schema === 'CloudEventSchemaV1_0';
  const envelope = inEnvelope(event, to.schema);
  return {
    headers: {
      'content-type': cloud
        ? 'application/cloudevents+json; charset=utf-8'
        : 'application/json; charset=utf-8',
      'aeg-event-type': 'Notification',
      'aeg-subscription-name': to.name.toUpperCase(),
      'aeg-delivery-count': String(attempt - 1),
      'aeg-data-version': event.dataVersion,
      'aeg-metadata-version': '1',
      'aeg-output-event-id': event.id,
    },
    body: JSON.stringify(cloud ? envelope : [envelope]),
  };
}

/** Sends a request and waits for its status; `null` when none came in time. */
export async function send(
  to: EventSubscription,
  {
    method = 'POST',
    headers,
    body,
  }: { method?: string; headers: Record<string, string>; body?: string },
): Promise<Response | null> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), RESPONSE_TIMEOUT_MS);
  });
  try {
    const request = new Request(to.endpointUrl, { method, headers, ...(body ? { body } : {}) });
    return await Promise.race([to.deliver(request), timeout]);
  } catch {
    // A receiver that cannot be reached is one that did not answer.
    return null;
  } finally {
    clearTimeout(timer);
  }
}

export function judgeStatus(status: number | undefined): Outcome {
  if (status === undefined) return 'retry';
  if (DELIVERED.has(status)) return 'delivered';
  return NEVER_RETRIED.has(status) ? 'dropped' : 'retry';
}
