import { textAt } from '../resources/json.ts';
import { type EventSchema, type GridEvent, inEnvelope, type TopicKind } from './event.ts';
import { type EventFilter, passes } from './filter.ts';

export type EndpointType = 'WebHook' | 'AzureFunction' | 'StorageQueue';

export interface EventSubscription extends EventFilter {
  readonly name: string;
  readonly kind: TopicKind;
  readonly schema: EventSchema;
  readonly endpointUrl: string;
  /** `WebHook` when absent. The others need no validation: they are resources of Azure. */
  readonly endpointType?: EndpointType;
  /** Carries a request to the endpoint, whatever lies between. */
  deliver(request: Request): Promise<Response>;
  /** `data.operationName` is one of these, without regard to case. */
  readonly operationNames?: readonly string[];
  /** 30 when absent. */
  readonly maxDeliveryAttempts?: number;
  /** 1440 when absent; looked at when an attempt is due. */
  readonly eventTimeToLiveInMinutes?: number;
  /** Whether events that are given up are kept as dead letters; else they are gone. */
  readonly keepsDeadLetters?: boolean;
  /** Milliseconds of the clock; no event that comes later is wanted. */
  readonly expiresAt?: number;
  /** 1 when absent. */
  readonly maxEventsPerBatch?: number;
  /** 64 when absent. A single event may be larger. */
  readonly preferredBatchSizeInKilobytes?: number;
}

/** Waiting times between attempts, in seconds. Source: "Event Grid message delivery and retry". */
const RETRY_AFTER_S = [10, 30, 60, 300, 600, 1800, 3600, 10_800, 21_600, 43_200] as const;

/** The least to wait after some answers, in seconds. Source: as above. */
const LEAST_RETRY_S: Readonly<Record<number, number>> = { 408: 120, 503: 30 };

/** The same for resources of Azure, whose rights and addresses may be on their way. */
const LEAST_RESOURCE_RETRY_S: Readonly<Record<number, number>> = {
  ...LEAST_RETRY_S,
  401: 300,
  404: 300,
};

/** A receiver must answer within this time, which no speed shortens: its work is real. */
const RESPONSE_TIMEOUT_MS = 30_000;

const DELIVERED = new Set([200, 201, 202, 203, 204]);

/** Why an answer makes every further attempt useless. */
const NEVER_RETRIED = {
  400: 'UndeliverableDueToHttpBadRequest',
  401: 'UndeliverableDueToHttpUnauthorized',
  403: 'UndeliverableDueToHttpForbidden',
  413: 'UndeliverableDueToHttpPayloadTooLarge',
} as const;

export type Judgement =
  | { readonly outcome: 'delivered' }
  | { readonly outcome: 'retry'; readonly waitS: number }
  | { readonly outcome: 'undeliverable'; readonly reason: UndeliverableReason };

type UndeliverableReason = (typeof NEVER_RETRIED)[keyof typeof NEVER_RETRIED];

/** What follows from an answer, or from none, to an attempt; the first attempt is 1. */
export function judgeStatus(
  status: number | undefined,
  attempt: number,
  endpointType: EndpointType = 'WebHook',
): Judgement {
  if (status !== undefined && DELIVERED.has(status)) return { outcome: 'delivered' };
  const isWebHook = endpointType === 'WebHook';
  const reason = NEVER_RETRIED[status as keyof typeof NEVER_RETRIED];
  if (reason && (isWebHook || status !== 401)) return { outcome: 'undeliverable', reason };
  const byAttempt = RETRY_AFTER_S[Math.min(attempt, RETRY_AFTER_S.length) - 1] ?? 0;
  const least = isWebHook ? LEAST_RETRY_S : LEAST_RESOURCE_RETRY_S;
  return { outcome: 'retry', waitS: Math.max(byAttempt, least[status ?? 0] ?? 0) };
}

/** Whether a subscription wants an event. */
export function wants(subscription: EventSubscription, event: GridEvent): boolean {
  const { kind, operationNames, expiresAt = Number.POSITIVE_INFINITY } = subscription;
  const operation = textAt(event.data, 'operationName')?.toLowerCase();
  return (
    Date.now() < expiresAt &&
    passes(event, kind, subscription) &&
    (!operationNames || operationNames.some((it) => it.toLowerCase() === operation))
  );
}

/**
 * The request that carries events: one in an array, or by itself when it is a CloudEvent; several
 * where the subscription takes batches.
 */
export function deliveryOf(
  events: readonly GridEvent[],
  to: EventSubscription,
  attempt: number,
): { headers: Record<string, string>; body: string } {
  const cloud = to.schema === 'CloudEventSchemaV1_0';
  const batches = (to.maxEventsPerBatch ?? 1) > 1;
  const envelopes = events.map((event) => inEnvelope(event, to.schema));
  const [first] = events;
  return {
    headers: {
      'content-type': contentTypeOf(cloud, batches),
      'aeg-event-type': 'Notification',
      'aeg-subscription-name': to.name.toUpperCase(),
      'aeg-delivery-count': String(attempt - 1),
      'aeg-data-version': first?.dataVersion ?? '',
      'aeg-metadata-version': '1',
      ...(first && !batches ? { 'aeg-output-event-id': first.id } : {}),
    },
    body: JSON.stringify(cloud && !batches ? envelopes[0] : envelopes),
  };
}

function contentTypeOf(cloud: boolean, batches: boolean): string {
  if (!cloud) return 'application/json; charset=utf-8';
  return `application/cloudevents${batches ? '-batch' : ''}+json; charset=utf-8`;
}

interface Sent {
  readonly method?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Sends a request and waits for the answer; `null` when none came in time. */
export async function send(to: EventSubscription, request: Sent): Promise<Response | null> {
  return inTime(answerOf(to, request));
}

/**
 * Sends a request and waits for its status, `undefined` when none came in time. `late` is then
 * what comes after all, if anything does.
 */
export async function sendForStatus(
  to: EventSubscription,
  request: Sent,
): Promise<{ readonly status: number | undefined; readonly late: Promise<number | undefined> }> {
  const answer = answerOf(to, request);
  const late = answer.then((response) => response?.status);
  return { status: (await inTime(answer))?.status, late };
}

/** A receiver that cannot be reached is one that did not answer. */
async function answerOf(
  to: EventSubscription,
  { method = 'POST', headers, body }: Sent,
): Promise<Response | null> {
  try {
    return await to.deliver(
      new Request(to.endpointUrl, { method, headers, ...(body ? { body } : {}) }),
    );
  } catch {
    return null;
  }
}

async function inTime(answer: Promise<Response | null>): Promise<Response | null> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), RESPONSE_TIMEOUT_MS);
  });
  try {
    return await Promise.race([answer, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
