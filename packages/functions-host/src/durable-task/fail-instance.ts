import { jsonText } from './episode.ts';
import { commitEpisode } from './episode-commit.ts';
import { EVENT_TYPE, historyEvent } from './history-event.ts';
import { isFinished } from './instance.ts';
import type { InstanceStore } from './instance-store.ts';

/**
 * Ends an instance as the genuine host does whose worker died in an episode: none of its code runs.
 *
 * @returns who has something to do now: its parent.
 */
export function failInstance(store: InstanceStore, id: string): readonly string[] {
  const instance = store.find(id);
  if (instance === null || isFinished(instance)) return [];
  const output = jsonText('Non-Deterministic workflow detected: its worker died.');
  const { instances } = commitEpisode(store, {
    instance,
    past: store.history(id),
    batch: [historyEvent(EVENT_TYPE.orchestratorStarted)],
    taken: [],
    episode: {
      opened: [],
      outcome: { kind: 'ended', status: 'Failed', output, details: null },
      unknownNames: [],
    },
    customStatus: instance.customStatus,
    // Nothing is opened by it.
    defaultVersion: null,
    timersFireEarly: false,
  });
  return instances;
}
