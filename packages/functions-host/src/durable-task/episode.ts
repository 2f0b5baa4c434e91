import type { OrchestratorState } from './action.ts';
import { childFailureDetails } from './failure.ts';
import { EVENT_TYPE, type HistoryEvent, historyEvent } from './history-event.ts';
import type { RuntimeStatus } from './instance.ts';
import { type Known, type Opened, Replay } from './replay.ts';

/** How an instance stands after an episode. */
export type Outcome =
  | { readonly kind: 'goes-on'; readonly suspendedFor: { readonly reason: string | null } | null }
  | { readonly kind: 'continues-as-new'; readonly input: string | null }
  | {
      readonly kind: 'ended';
      readonly status: Extract<RuntimeStatus, 'Completed' | 'Failed' | 'Terminated'>;
      /** JSON text. */
      readonly output: string | null;
      /** `Details` for a waiting parent, when failed. */
      readonly details: string | null;
    };

export interface Episode {
  /** Newly opened work, by task id. */
  readonly opened: readonly (readonly [number, Opened])[];
  readonly outcome: Outcome;
  /** Functions that were called and that nobody registered. */
  readonly unknownNames: readonly string[];
}

/** Decides what one answer of an orchestrator leads to. Pure. */
export function decideEpisode(
  name: string,
  history: readonly HistoryEvent[],
  state: OrchestratorState,
  known: Known,
): Episode {
  const replay = new Replay(state.actions, known, history);
  const scheduled = new Map(
    history.filter(({ EventId }) => EventId >= 0).map((event) => [event.EventId, event]),
  );
  const failure = failureOf(name, replay, scheduled, state);
  const outcome = failure ?? outcomeOf(name, replay, state, history);
  const isHeld = outcome.kind === 'ended' ? outcome.status !== 'Completed' : replay.suspended;
  return {
    opened: isHeld ? [] : [...replay.opened].filter(([id]) => !scheduled.has(id)),
    outcome,
    unknownNames: replay.unknownNames,
  };
}

/** The end of an instance whose orchestrator cannot be called at all. */
export function failed(name: string, error: string): Extract<Outcome, { kind: 'ended' }> {
  return {
    kind: 'ended',
    status: 'Failed',
    output: JSON.stringify(`Orchestrator function '${name}' failed: ${error}`),
    details: childFailureDetails(error),
  };
}

function failureOf(
  name: string,
  replay: Replay,
  scheduled: ReadonlyMap<number, HistoryEvent>,
  state: OrchestratorState,
): Outcome | null {
  if (replay.terminated !== null) return null;
  if (replay.unsupported !== null) {
    return failed(name, `The embedded host does not support ${replay.unsupported}.`);
  }
  for (const [id, event] of scheduled) {
    const opened = replay.opened.get(id);
    // Code that has failed opens no more than it came to.
    if (opened === undefined && state.error !== undefined) continue;
    if (opened === undefined || !isSame(event, opened)) {
      const what = event['Name'] === undefined ? 'a timer' : `"${event['Name']}"`;
      const held = `the history holds ${what} as task ${id}, which its code does not open any more`;
      return failed(name, `Non-deterministic orchestrator: ${held}.`);
    }
  }
  return null;
}

/** When a timer fires is not compared, nor is any input: as by the genuine host. */
function isSame({ EventType, Name }: HistoryEvent, opened: Opened): boolean {
  switch (opened.kind) {
    case 'activity':
      return EventType === EVENT_TYPE.taskScheduled && Name === opened.name;
    case 'child':
      return EventType === EVENT_TYPE.childCreated && Name === opened.name;
    case 'timer':
      return EventType === EVENT_TYPE.timerCreated;
  }
}

function outcomeOf(
  name: string,
  replay: Replay,
  state: OrchestratorState,
  history: readonly HistoryEvent[],
): Outcome {
  if (replay.terminated !== null) {
    // Recorded: the history keeps the reason as it came, the output is trimmed.
    const reason = replay.terminated.reason?.trim() ?? null;
    return { kind: 'ended', status: 'Terminated', output: jsonText(reason), details: null };
  }
  if (replay.suspended) return { kind: 'goes-on', suspendedFor: suspensionOf(history) };
  if (!replay.ended || replay.hasOpenTasks) return { kind: 'goes-on', suspendedFor: null };
  if (state.error !== undefined) return failed(name, state.error);
  if (!state.isDone) return { kind: 'goes-on', suspendedFor: null };
  if (replay.continueAsNew !== null) {
    return { kind: 'continues-as-new', input: jsonText(replay.continueAsNew.input) };
  }
  return { kind: 'ended', status: 'Completed', output: jsonText(state.output), details: null };
}

function suspensionOf(history: readonly HistoryEvent[]): { reason: string | null } {
  const event = history.findLast(({ EventType }) => EventType === EVENT_TYPE.executionSuspended);
  return { reason: (event?.['Reason'] ?? null) as string | null };
}

/** The event that tells a parent how its child ended. */
export function childEnded(
  taskId: number,
  outcome: Extract<Outcome, { kind: 'ended' }>,
): HistoryEvent {
  if (outcome.status === 'Completed') {
    return historyEvent(EVENT_TYPE.childCompleted, {
      TaskScheduledId: taskId,
      Result: outcome.output,
    });
  }
  const reason = outcome.output === null ? 'Terminated' : String(JSON.parse(outcome.output));
  return historyEvent(EVENT_TYPE.childFailed, {
    TaskScheduledId: taskId,
    Reason: reason,
    Details: outcome.details ?? childFailureDetails(reason),
    FailureDetails: null,
  });
}

export function jsonText(value: unknown): string | null {
  return value === undefined || value === null ? null : JSON.stringify(value);
}
