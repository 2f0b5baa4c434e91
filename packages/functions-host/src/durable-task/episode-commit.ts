import { randomUUID } from 'node:crypto';
import { childEnded, type Episode, jsonText, type Outcome } from './episode.ts';
import {
  asPlayed,
  EVENT_TYPE,
  executionStarted,
  type HistoryEvent,
  historyEvent,
  versionIn,
} from './history-event.ts';
import type { Instance } from './instance.ts';
import type { InstanceStore } from './instance-store.ts';
import type { Opened } from './replay.ts';
import { startInstance } from './start-instance.ts';

export interface FinishedEpisode {
  readonly instance: Instance;
  /** Events of earlier episodes. */
  readonly past: readonly HistoryEvent[];
  /** Events of this one: OrchestratorStarted and what it took from the inbox. */
  readonly batch: readonly HistoryEvent[];
  /** Messages that this episode took. */
  readonly taken: readonly number[];
  readonly episode: Episode;
  /** JSON text, or null. */
  readonly customStatus: string | null;
  /** Of children that are given none. */
  readonly defaultVersion: string | null;
  readonly timersFireEarly: boolean;
}

/** Who has something to do now. */
export interface Woken {
  readonly instances: readonly string[];
  readonly hasActivities: boolean;
  /** Children that were not started because their id is in use. */
  readonly refused: readonly string[];
}

/** Writes all consequences of an episode in one transaction, or none. */
export function commitEpisode(store: InstanceStore, finished: FinishedEpisode): Woken {
  return store.transaction(() => {
    const { instance, taken, past, batch, episode } = finished;
    for (const seq of taken) store.take(seq);
    if (episode.outcome.kind === 'continues-as-new') {
      continueAsNew(store, finished, episode.outcome.input);
      return { instances: [instance.id], hasActivities: false, refused: [] };
    }
    const woken: string[] = [];
    const refused: string[] = [];
    const scheduled = episode.opened.map(([id, opened]) => {
      const event = scheduledEvent(instance, id, opened);
      const childId = open(store, finished, id, opened, event);
      if (childId !== null) (childId.started ? woken : refused).push(childId.id);
      return event;
    });
    const { outcome } = episode;
    const tail = [...scheduled, ...completion(outcome), historyEvent(13)];
    store.appendHistory(instance.id, past.length, [...batch.map(asPlayed), ...tail]);
    store.put(nextInstance(finished));
    if (outcome.kind === 'ended') {
      store.dropMessages(instance.id, instance.executionId);
      woken.push(...tellParent(store, [...past, ...batch], outcome));
    }
    const hasActivities = episode.opened.some(([, { kind }]) => kind === 'activity');
    return { instances: woken, hasActivities, refused };
  });
}

function completion(outcome: Outcome): HistoryEvent[] {
  if (outcome.kind !== 'ended') return [];
  return [
    historyEvent(EVENT_TYPE.executionCompleted, {
      OrchestrationStatus: outcome.status,
      Result: outcome.output,
      FailureDetails: null,
    }),
  ];
}

function nextInstance({ instance, episode, customStatus }: FinishedEpisode): Instance {
  const next = { ...instance, customStatus, fresh: false, updatedAt: Date.now() };
  const { outcome } = episode;
  if (outcome.kind === 'ended') return { ...next, status: outcome.status, output: outcome.output };
  if (outcome.kind === 'goes-on' && outcome.suspendedFor !== null) {
    return { ...next, status: 'Suspended', output: jsonText(outcome.suspendedFor.reason) };
  }
  return { ...next, status: 'Running' };
}

function continueAsNew(
  store: InstanceStore,
  { instance, batch, past, customStatus }: FinishedEpisode,
  input: string | null,
): void {
  const history = [...past, ...batch];
  const start = history.find(({ EventType }) => EventType === 0);
  const executionId = randomUUID().replaceAll('-', '');
  store.clearHistory(instance.id);
  store.dropMessages(instance.id, instance.executionId);
  const now = Date.now();
  store.put({
    ...instance,
    executionId,
    status: 'Running',
    input,
    output: null,
    customStatus,
    createdAt: now,
    updatedAt: now,
    fresh: true,
  });
  const { id: instanceId, name } = instance;
  const parent = start?.['ParentInstance'] ?? null;
  const version = versionIn(history);
  // Recorded: the new history begins as if an episode had only been started and ended.
  store.appendHistory(instance.id, 0, [
    historyEvent(EVENT_TYPE.orchestratorStarted),
    asPlayed(
      executionStarted({ name, instanceId, executionId, input, generation: null, parent, version }),
    ),
    { ...historyEvent(EVENT_TYPE.orchestratorCompleted), IsPlayed: true },
  ]);
}

function scheduledEvent(instance: Instance, id: number, opened: Opened): HistoryEvent {
  switch (opened.kind) {
    case 'activity':
      return historyEvent(EVENT_TYPE.taskScheduled, {
        EventId: id,
        Name: opened.name,
        Version: '',
        Input: null,
        ParentTraceContext: null,
        Tags: null,
      });
    case 'child':
      return historyEvent(EVENT_TYPE.childCreated, {
        EventId: id,
        Name: opened.name,
        Version: null,
        InstanceId: opened.instanceId ?? `${instance.executionId}:${id}`,
        Input: null,
        ClientSpanId: null,
        Tags: null,
      });
    case 'timer':
      return historyEvent(EVENT_TYPE.timerCreated, { EventId: id, FireAt: opened.fireAt });
  }
}

function open(
  store: InstanceStore,
  finished: FinishedEpisode,
  taskId: number,
  opened: Opened,
  event: HistoryEvent,
): { id: string; started: boolean } | null {
  const { id: instanceId, executionId } = finished.instance;
  switch (opened.kind) {
    case 'activity':
      store.addTask({
        instanceId,
        executionId,
        taskId,
        name: opened.name,
        input: jsonText(opened.input),
      });
      return null;
    case 'timer':
      store.send({
        instanceId,
        executionId,
        dueAt: dueAt(opened.fireAt, finished.timersFireEarly),
        event: historyEvent(EVENT_TYPE.timerFired, { TimerId: taskId, FireAt: opened.fireAt }),
      });
      return null;
    case 'child':
      return startChild(store, finished, taskId, {
        id: String(event['InstanceId']),
        name: opened.name,
        version: opened.version ?? finished.defaultVersion,
        input: jsonText(opened.input),
      });
  }
}

const EARLY_MS = 1_000;

function dueAt(fireAt: string, isEarly: boolean): number {
  const at = Date.parse(fireAt);
  const leftMs = Math.max(0, at - Date.now());
  return isEarly ? at - Math.min(EARLY_MS, Math.floor(leftMs / 2)) : at;
}

function startChild(
  store: InstanceStore,
  { instance: parent, past, batch }: FinishedEpisode,
  taskId: number,
  child: { id: string; name: string; input: string | null; version: string | null },
): { id: string; started: boolean } {
  const started = startInstance(store, {
    ...child,
    parent: {
      Name: parent.name,
      OrchestrationInstance: { InstanceId: parent.id, ExecutionId: parent.executionId },
      TaskScheduleId: taskId,
      Version: versionIn([...past, ...batch]),
    },
  });
  return { id: child.id, started: started === null };
}

function tellParent(
  store: InstanceStore,
  history: readonly HistoryEvent[],
  outcome: Extract<Outcome, { kind: 'ended' }>,
): string[] {
  const start = history.find(({ EventType }) => EventType === EVENT_TYPE.executionStarted);
  const parent = start?.['ParentInstance'] as {
    OrchestrationInstance: { InstanceId: string; ExecutionId: string };
    TaskScheduleId: number;
  } | null;
  if (!parent) return [];
  const { InstanceId: instanceId, ExecutionId: executionId } = parent.OrchestrationInstance;
  store.send({
    instanceId,
    executionId,
    dueAt: 0,
    event: childEnded(parent.TaskScheduleId, outcome),
  });
  return [instanceId];
}
