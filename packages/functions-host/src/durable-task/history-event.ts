/** `EventType` of the history events that the embedded host writes. Source: DurableTask.Core. */
export const EVENT_TYPE = {
  executionStarted: 0,
  executionCompleted: 1,
  executionTerminated: 3,
  taskScheduled: 4,
  taskCompleted: 5,
  taskFailed: 6,
  childCreated: 7,
  childCompleted: 8,
  childFailed: 9,
  timerCreated: 10,
  timerFired: 11,
  orchestratorStarted: 12,
  orchestratorCompleted: 13,
  eventRaised: 15,
  executionSuspended: 19,
  executionResumed: 20,
} as const;

/** One event of an instance's history, in the members that durable-functions reads. */
export interface HistoryEvent {
  readonly EventType: number;
  /** Id of the task that 4, 7 and 10 open; -1 in all others. */
  readonly EventId: number;
  readonly IsPlayed: boolean;
  readonly Timestamp: string;
  readonly [member: string]: unknown;
}

export function historyEvent(
  type: number,
  members: Readonly<Record<string, unknown>> = {},
): HistoryEvent {
  return {
    EventType: type,
    EventId: -1,
    ...members,
    IsPlayed: false,
    Timestamp: new Date().toISOString(),
  };
}

interface Start {
  readonly name: string;
  readonly instanceId: string;
  readonly executionId: string;
  /** JSON text, or null for no input. */
  readonly input: string | null;
  /** How often the id was started before; null for children and continued instances (recorded). */
  readonly generation: number | null;
  readonly parent: unknown;
  /** Which the instance keeps for good; null for none. */
  readonly version: string | null;
}

export function executionStarted(start: Start): HistoryEvent {
  return {
    OrchestrationInstance: { InstanceId: start.instanceId, ExecutionId: start.executionId },
    ...historyEvent(EVENT_TYPE.executionStarted, {
      ParentInstance: start.parent,
      Name: start.name,
      Version: start.version,
      Input: start.input,
      Tags: null,
      Correlation: null,
      ParentTraceContext: null,
      ScheduledStartTime: null,
      Generation: start.generation,
      GenerateNewTrace: false,
    }),
  };
}

const INBOUND: ReadonlySet<number> = new Set([
  EVENT_TYPE.executionStarted,
  EVENT_TYPE.executionTerminated,
  EVENT_TYPE.taskCompleted,
  EVENT_TYPE.taskFailed,
  EVENT_TYPE.childCompleted,
  EVENT_TYPE.childFailed,
  EVENT_TYPE.timerFired,
  EVENT_TYPE.eventRaised,
  EVENT_TYPE.executionSuspended,
  EVENT_TYPE.executionResumed,
]);

/** The version with which an instance was started; null for none. */
export function versionIn(history: readonly HistoryEvent[]): string | null {
  const start = history.find(({ EventType }) => EventType === EVENT_TYPE.executionStarted);
  return (start?.['Version'] ?? null) as string | null;
}

/** The event as later episodes see it: only what came from outside is marked as played. */
export function asPlayed(event: HistoryEvent): HistoryEvent {
  return INBOUND.has(event.EventType) ? { ...event, IsPlayed: true } : event;
}
