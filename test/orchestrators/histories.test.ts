import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { EVENT_TYPE, type HistoryEvent } from '@keyturn/functions-host/history-event';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  decideEpisode,
  type Episode,
} from '../../packages/functions-host/src/durable-task/episode.ts';
import { FunctionCatalog } from '../../packages/functions-host/src/durable-task/function-catalog.ts';
import { callOrchestrator } from '../../packages/functions-host/src/durable-task/orchestrator-call.ts';
import { collectFunctions } from '../../packages/functions-host/src/functions-core.ts';
import { Worker } from '../../packages/functions-host/src/worker.ts';
import { durableSettings } from '../../src/cli/serving/durable-settings.ts';
import {
  ORCHESTRATORS,
  registerOrchestrators,
} from '../../src/functions/register-orchestrators.ts';
import { type RecordedHistory, restored } from '../support/histories.ts';

const FOLDER = join(import.meta.dirname, '../histories');
const FILES = readdirSync(FOLDER);

function read(file: string): RecordedHistory {
  return JSON.parse(readFileSync(join(FOLDER, file), 'utf8'));
}

let worker: Worker;
let catalog: FunctionCatalog;
beforeAll(async () => {
  const { registry, model } = await collectFunctions(() => registerOrchestrators());
  worker = new Worker(registry, model, () => undefined);
  catalog = new FunctionCatalog(worker);
});

/** What an orchestrator was told in one episode, and what it did then. */
interface RecordedEpisode {
  readonly past: readonly HistoryEvent[];
  readonly inbox: readonly HistoryEvent[];
  readonly did: readonly HistoryEvent[];
}

const DONE: ReadonlySet<number> = new Set([
  EVENT_TYPE.taskScheduled,
  EVENT_TYPE.childCreated,
  EVENT_TYPE.timerCreated,
  EVENT_TYPE.executionCompleted,
]);

function episodesOf({ history }: RecordedHistory): readonly RecordedEpisode[] {
  const events = history.map(restored);
  const starts = events.flatMap(({ EventType }, at) =>
    EventType === EVENT_TYPE.orchestratorStarted ? [at] : [],
  );
  return starts.map((start, nth) => {
    const episode = events.slice(start, starts[nth + 1]);
    const did = episode.filter(({ EventType }) => DONE.has(EventType));
    const inbox = episode.filter((event) => !did.includes(event));
    return { past: events.slice(0, start), inbox, did };
  });
}

/** Lets today's code take the episode, through durable-functions. */
async function replayed(
  { orchestrator, instanceId }: RecordedHistory,
  { past, inbox }: RecordedEpisode,
): Promise<Episode> {
  const fn = catalog.orchestrator(orchestrator);
  if (fn === null) throw new Error(`${orchestrator} is not there any more.`);
  const history = [...past, ...inbox.map((event) => ({ ...event, IsPlayed: false }))];
  const isReplaying = past.length > 0;
  const state = await callOrchestrator(worker, fn, { instanceId, history, isReplaying });
  // That each activity which is called is registered, the tests of the architecture see to.
  const known = {
    activity: () => ({}),
    orchestrator: (name: string) => catalog.orchestrator(name),
  };
  return decideEpisode(orchestrator, history, state, known);
}

/** What an episode did, in words. */
function recordedDeeds({ did }: RecordedEpisode): readonly string[] {
  return did.map((event) => {
    switch (event.EventType) {
      case EVENT_TYPE.timerCreated:
        return `${event.EventId} sleeps until ${event['FireAt']}`;
      case EVENT_TYPE.executionCompleted:
        return `ends: ${event['OrchestrationStatus']} ${kindIn(event['Result'])}`;
      default:
        return `${event.EventId} calls ${event['Name']}`;
    }
  });
}

function deedsOf({ opened, outcome }: Episode): readonly string[] {
  const deeds = opened.map(([id, work]) =>
    work.kind === 'timer' ? `${id} sleeps until ${work.fireAt}` : `${id} calls ${work.name}`,
  );
  if (outcome.kind !== 'ended') return deeds;
  const { status, output } = outcome;
  return [...deeds, `ends: ${status} ${status === 'Completed' ? kindIn(output) : output}`];
}

/** Of an outcome, whose other members may grow. */
function kindIn(output: unknown): unknown {
  return (JSON.parse(String(output)) as { readonly kind?: unknown }).kind;
}

describe('code of today does what a release did', () => {
  test.for(FILES)('%s', async (file) => {
    const recorded = read(file);
    for (const episode of episodesOf(recorded)) {
      const now = await replayed(recorded, episode);
      expect(deedsOf(now)).toEqual(recordedDeeds(episode));
    }
  });
});

test('every orchestrator of this release has a history: npm run record-histories', () => {
  const { defaultVersion } = durableSettings();
  const ofThisRelease = FILES.map(read).filter(({ release }) => release === defaultVersion);
  const recorded = new Set(ofThisRelease.map(({ orchestrator }) => orchestrator));
  expect([...recorded].toSorted()).toEqual(ORCHESTRATORS.map(({ name }) => name).toSorted());
});

test('each history is small, and carries the version under which it was made', () => {
  for (const file of FILES) {
    expect(statSync(join(FOLDER, file)).size).toBeLessThanOrEqual(100_000);
    const { release, history } = read(file);
    expect(file.startsWith(`${release}-`)).toBe(true);
    const start = history.find(({ event }) => event === 'executionStarted');
    expect(start?.['Version']).toBe(release);
  }
});
