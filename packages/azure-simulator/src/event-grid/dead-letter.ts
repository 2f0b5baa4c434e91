import { eventTime } from '../arm/time.ts';
import { type EventSchema, type GridEvent, inEnvelope } from './event.ts';

/** An event that was given up, as it is written to the container of dead letters. */
export interface DeadLetter {
  readonly subscription: string;
  readonly deadLetterReason: DeadLetterReason;
  readonly deliveryAttempts: number;
  readonly lastDeliveryOutcome: string;
  /** `null` when no answer came. */
  readonly lastHttpStatusCode: number | null;
  readonly publishTime: string;
  readonly lastDeliveryAttemptTime: string;
  readonly event: object;
}

/**
 * Why an event was given up. Source: the documented sample, and a recorded dead letter of a 400;
 * the names for 401, 403 and 413 follow from that one.
 */
export type DeadLetterReason =
  | 'MaxDeliveryAttemptsExceeded'
  | 'TimeToLiveExceeded'
  | `UndeliverableDueToHttp${string}`;

/** Words of Event Grid for what an endpoint answered; the rest is `GenericError`. */
const OUTCOMES: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  408: 'TimedOut',
  413: 'PayloadTooLarge',
  503: 'Busy',
};

/** @param status `undefined` when no answer came. */
function outcomeOf(status: number | undefined): string {
  if (status === undefined) return 'TimedOut';
  return OUTCOMES[status] ?? 'GenericError';
}

export interface LastAttempt {
  readonly attempts: number;
  readonly at: number;
  readonly status: number | undefined;
  readonly publishedAt: number;
}

export function deadLetterOf(
  event: GridEvent,
  { name, schema }: { readonly name: string; readonly schema: EventSchema },
  reason: DeadLetterReason,
  { attempts, at, status, publishedAt }: LastAttempt,
): DeadLetter {
  return {
    subscription: name,
    deadLetterReason: reason,
    deliveryAttempts: attempts,
    lastDeliveryOutcome: outcomeOf(status),
    lastHttpStatusCode: status ?? null,
    publishTime: eventTime(publishedAt),
    lastDeliveryAttemptTime: eventTime(at),
    event: inEnvelope(event, schema),
  };
}
