import { EVENT_TYPE, type HistoryEvent } from '@keyturn/functions-host/history-event';

/** The history of one instance, as a release wrote it. */
export interface RecordedHistory {
  readonly release: string;
  /** Name of its orchestrator. */
  readonly orchestrator: string;
  readonly instanceId: string;
  readonly history: readonly TrimmedEvent[];
}

/** An event without what no orchestrator reads; payloads are JSON instead of JSON text. */
interface TrimmedEvent {
  readonly event: keyof typeof EVENT_TYPE;
  readonly [member: string]: unknown;
}

const NAMES = new Map<number, TrimmedEvent['event']>(
  Object.entries(EVENT_TYPE).map(([name, type]) => [type, name as TrimmedEvent['event']]),
);
/** JSON in text. */
const PAYLOADS = ['Input', 'Result'] as const;
/** `Details` repeats the reason, with the stack of who recorded it. */
const DROPPED = ['EventType', 'IsPlayed', 'OrchestrationInstance', 'Details', 'GenerateNewTrace'];

/** Leaves away what is the same in all recordings, or different at each. */
export function trimmed(event: HistoryEvent): TrimmedEvent {
  const name = NAMES.get(event.EventType);
  if (name === undefined) throw new Error(`Event type ${event.EventType} is not known.`);
  const members = Object.entries(event)
    .filter(([member, value]) => !DROPPED.includes(member) && !isNothing(value))
    .map(([member, value]) => [member, isPayload(member) ? JSON.parse(String(value)) : value]);
  return { event: name, ...Object.fromEntries(members) };
}

/** The event as durable-functions wants it. */
export function restored({ event, ...members }: TrimmedEvent): HistoryEvent {
  const payloads = PAYLOADS.map((member) => {
    const value = members[member];
    return [member, value === undefined ? null : JSON.stringify(value)];
  });
  return {
    EventType: EVENT_TYPE[event],
    EventId: -1,
    IsPlayed: true,
    Timestamp: '',
    Details: '',
    ...members,
    ...Object.fromEntries(payloads),
  };
}

function isNothing(value: unknown): boolean {
  return value === null || value === '' || value === -1;
}

function isPayload(member: string): boolean {
  return PAYLOADS.some((payload) => payload === member);
}
