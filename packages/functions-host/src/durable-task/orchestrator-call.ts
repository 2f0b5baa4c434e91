import type { RegisteredFunction, RpcData } from '../functions-core.ts';
import { messageOf } from '../host-log.ts';
import { triggerOf, type Worker } from '../worker.ts';
import type { OrchestratorState } from './action.ts';
import { EVENT_TYPE, type HistoryEvent } from './history-event.ts';

const STATE_LABEL = '$OutOfProcData$:';

/** Calls an orchestrator with a history, as the Durable extension does over the worker. */
export async function callOrchestrator(
  worker: Worker,
  fn: RegisteredFunction,
  call: {
    readonly instanceId: string;
    readonly history: readonly HistoryEvent[];
    readonly isReplaying: boolean;
  },
): Promise<OrchestratorState> {
  const name = triggerOf(fn)?.name ?? '';
  const text = triggerText(call);
  try {
    const returned = await worker.invoke(fn, { data: [{ name, data: stringData(text) }] });
    return parseState(returned);
  } catch (error) {
    return stateOfFailure(error);
  }
}

export function stringData(text: string): RpcData {
  return { data: 'string', string: text };
}

function triggerText(call: {
  readonly instanceId: string;
  readonly history: readonly HistoryEvent[];
  readonly isReplaying: boolean;
}): string {
  const start = call.history.find(({ EventType }) => EventType === EVENT_TYPE.executionStarted);
  const parent = start?.['ParentInstance'] as {
    OrchestrationInstance: { InstanceId: string };
  } | null;
  const input = start?.['Input'] ?? null;
  return JSON.stringify({
    history: call.history,
    input: input === null ? null : JSON.parse(String(input)),
    instanceId: call.instanceId,
    isReplaying: call.isReplaying,
    parentInstanceId: parent?.OrchestrationInstance.InstanceId ?? null,
    sourceInstanceId: null,
    upperSchemaVersion: 1,
    upperSchemaVersionNew: 3,
    longRunningTimerIntervalDuration: '3.00:00:00',
    maximumShortTimerDuration: '6.00:00:00',
    // The misspelling is on the wire.
    defaultHttpAsyncRequestSleepTimeMillseconds: 30_000,
  });
}

function parseState(returned: RpcData | null): OrchestratorState {
  const text = returned?.json ?? returned?.string ?? '{}';
  return normalise(JSON.parse(text) as WireState);
}

/** durable-functions reports a failed orchestrator by throwing, with the state in the message. */
function stateOfFailure(error: unknown): OrchestratorState {
  const message = messageOf(error);
  const at = message.indexOf(STATE_LABEL);
  if (at < 0) return { isDone: false, actions: [], error: message };
  return normalise(JSON.parse(message.slice(at + STATE_LABEL.length)) as WireState);
}

type WireState = Omit<OrchestratorState, 'actions'> & {
  readonly actions?: OrchestratorState['actions'][];
};

function normalise(state: WireState): OrchestratorState {
  return { ...state, actions: state.actions?.[0] ?? [] };
}
