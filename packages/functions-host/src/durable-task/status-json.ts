import { EVENT_TYPE, type HistoryEvent } from './history-event.ts';
import type { Instance } from './instance.ts';

const NAMES: Readonly<Record<number, string>> = {
  [EVENT_TYPE.executionStarted]: 'ExecutionStarted',
  [EVENT_TYPE.executionCompleted]: 'ExecutionCompleted',
  [EVENT_TYPE.executionTerminated]: 'ExecutionTerminated',
  [EVENT_TYPE.taskScheduled]: 'TaskScheduled',
  [EVENT_TYPE.taskCompleted]: 'TaskCompleted',
  [EVENT_TYPE.taskFailed]: 'TaskFailed',
  [EVENT_TYPE.childCreated]: 'SubOrchestrationInstanceCreated',
  [EVENT_TYPE.childCompleted]: 'SubOrchestrationInstanceCompleted',
  [EVENT_TYPE.childFailed]: 'SubOrchestrationInstanceFailed',
  [EVENT_TYPE.timerCreated]: 'TimerCreated',
  [EVENT_TYPE.timerFired]: 'TimerFired',
  [EVENT_TYPE.eventRaised]: 'EventRaised',
  [EVENT_TYPE.executionSuspended]: 'ExecutionSuspended',
  [EVENT_TYPE.executionResumed]: 'ExecutionResumed',
};

/** Members of raw events that the management API leaves out (recorded). */
const HIDDEN: Readonly<Record<string, true>> = {
  EventType: true,
  EventId: true,
  IsPlayed: true,
  TaskScheduledId: true,
  TimerId: true,
  OrchestrationInstance: true,
  ParentInstance: true,
  Version: true,
};

export interface StatusOptions {
  readonly showInput: boolean;
  /** Null leaves the history out. */
  readonly history: readonly HistoryEvent[] | null;
  readonly showHistoryOutput: boolean;
}

/** An instance as the management API shows it; times are whole seconds. */
export function statusJson(instance: Instance, options: StatusOptions): Record<string, unknown> {
  return {
    name: instance.name,
    instanceId: instance.id,
    runtimeStatus: instance.status,
    input: options.showInput ? parsed(instance.input) : null,
    customStatus: parsed(instance.customStatus),
    output: parsed(instance.output),
    createdTime: wholeSeconds(instance.createdAt),
    lastUpdatedTime: wholeSeconds(instance.updatedAt),
    ...(options.history === null
      ? {}
      : { historyEvents: historyJson(options.history, options.showHistoryOutput) }),
  };
}

function wholeSeconds(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

function parsed(text: string | null): unknown {
  return text === null ? null : JSON.parse(text);
}

/** A task is shown once: as scheduled, or as ended with the time it was scheduled. */
function historyJson(history: readonly HistoryEvent[], showOutput: boolean): unknown[] {
  const ended = new Set(history.map((event) => event['TaskScheduledId']));
  const scheduled = new Map(history.map((event) => [event.EventId, event]));
  return history
    .filter(({ EventType }) => NAMES[EventType] !== undefined)
    .filter((event) => event.EventId < 0 || !ended.has(event.EventId))
    .map((event) => eventJson(event, scheduled, showOutput));
}

function eventJson(
  event: HistoryEvent,
  scheduled: ReadonlyMap<number, HistoryEvent>,
  showOutput: boolean,
): Record<string, unknown> {
  const shown = Object.entries(event).filter(([name]) => HIDDEN[name] === undefined);
  const json: Record<string, unknown> = {
    EventType: NAMES[event.EventType],
    ...Object.fromEntries(shown),
  };
  if ('Result' in json) {
    if (showOutput) json['Result'] = parsed(json['Result'] as string | null);
    else delete json['Result'];
  }
  if (event.EventType === EVENT_TYPE.executionStarted) {
    const { Name, Tags, ...rest } = json;
    return { ...rest, FunctionName: Name };
  }
  const opened = scheduled.get(Number(event['TaskScheduledId'] ?? Number.NaN));
  return opened === undefined ? json : { ...json, ...openedJson(opened) };
}

function openedJson(opened: HistoryEvent): Record<string, unknown> {
  return {
    ScheduledTime: opened.Timestamp.replace('Z', '+00:00'),
    FunctionName: opened['Name'],
    Input: null,
    ...('InstanceId' in opened ? { InstanceId: opened['InstanceId'] } : {}),
  };
}
