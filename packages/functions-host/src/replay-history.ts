import { decideEpisode, type Episode } from './durable-task/episode.ts';
import { FunctionCatalog } from './durable-task/function-catalog.ts';
import { EVENT_TYPE, type HistoryEvent } from './durable-task/history-event.ts';
import { callOrchestrator } from './durable-task/orchestrator-call.ts';
import { collectFunctions } from './functions-core.ts';
import { Worker } from './worker.ts';

/** The history of one instance, as `readInstances` gives it. */
export interface InstanceHistory {
  /** Name of its orchestrator. */
  readonly orchestrator: string;
  readonly instanceId: string;
  readonly history: readonly HistoryEvent[];
}

/** What an orchestrator does in an episode. */
export type Deed =
  | { readonly kind: 'calls'; readonly taskId: number; readonly name: string }
  | { readonly kind: 'sleeps'; readonly taskId: number; readonly until: string }
  | { readonly kind: 'ends'; readonly status: string; readonly output: unknown };

/** One episode: what it did when it was recorded, and what the code of today does. */
export interface ReplayedEpisode {
  readonly recorded: readonly Deed[];
  readonly today: readonly Deed[];
}

export type ReplayHistory = (recorded: InstanceHistory) => Promise<readonly ReplayedEpisode[]>;

/**
 * Lets the orchestrators of an app take recorded histories, episode by episode, through
 * durable-functions itself. Each episode begins from what is recorded, not from what the one before
 * did now; no activity runs, and none needs to be registered.
 *
 * @param load imports or registers the orchestrators.
 */
export async function replayerOf(load: () => unknown): Promise<ReplayHistory> {
  const { registry, model } = await collectFunctions(load);
  const worker = new Worker(registry, model, () => undefined);
  const catalog = new FunctionCatalog(worker);
  const known = {
    activity: () => ({}),
    orchestrator: (name: string) => catalog.orchestrator(name),
  };
  return async ({ orchestrator, instanceId, history }) => {
    const fn = catalog.orchestrator(orchestrator);
    if (fn === null) throw new Error(catalog.unknownOrchestrator(orchestrator));
    const replayed: ReplayedEpisode[] = [];
    for (const { past, inbox, did } of episodesOf(history)) {
      const events = [...past, ...inbox.map((event) => ({ ...event, IsPlayed: false }))];
      const call = { instanceId, history: events, isReplaying: past.length > 0 };
      const state = await callOrchestrator(worker, fn, call);
      const today = deedsOf(decideEpisode(orchestrator, events, state, known));
      replayed.push({ recorded: did.map(recordedDeed), today });
    }
    return replayed;
  };
}

interface RecordedEpisode {
  readonly past: readonly HistoryEvent[];
  /** What the orchestrator was told. */
  readonly inbox: readonly HistoryEvent[];
  readonly did: readonly HistoryEvent[];
}

const DONE: ReadonlySet<number> = new Set([
  EVENT_TYPE.taskScheduled,
  EVENT_TYPE.childCreated,
  EVENT_TYPE.timerCreated,
  EVENT_TYPE.executionCompleted,
]);

function episodesOf(history: readonly HistoryEvent[]): readonly RecordedEpisode[] {
  const starts = history.flatMap(({ EventType }, at) =>
    EventType === EVENT_TYPE.orchestratorStarted ? [at] : [],
  );
  return starts.map((start, nth) => {
    const episode = history.slice(start, starts[nth + 1]);
    const did = episode.filter(({ EventType }) => DONE.has(EventType));
    const inbox = episode.filter((event) => !did.includes(event));
    return { past: history.slice(0, start), inbox, did };
  });
}

function recordedDeed(event: HistoryEvent): Deed {
  switch (event.EventType) {
    case EVENT_TYPE.timerCreated:
      return { kind: 'sleeps', taskId: event.EventId, until: String(event['FireAt']) };
    case EVENT_TYPE.executionCompleted:
      return {
        kind: 'ends',
        status: String(event['OrchestrationStatus']),
        output: parsed(event['Result']),
      };
    default:
      return { kind: 'calls', taskId: event.EventId, name: String(event['Name']) };
  }
}

function deedsOf({ opened, outcome }: Episode): readonly Deed[] {
  const deeds = opened.map(
    ([taskId, work]): Deed =>
      work.kind === 'timer'
        ? { kind: 'sleeps', taskId, until: work.fireAt }
        : { kind: 'calls', taskId, name: work.name },
  );
  if (outcome.kind !== 'ended') return deeds;
  const { status, output } = outcome;
  return [...deeds, { kind: 'ends', status, output: parsed(output) }];
}

function parsed(text: unknown): unknown {
  return typeof text === 'string' ? JSON.parse(text) : null;
}
