import { DatabaseSync } from 'node:sqlite';
import type { HistoryEvent } from './durable-task/history-event.ts';

/** One instance as it lies in a state file. */
interface StoredInstance {
  readonly id: string;
  /** Of its orchestrator. */
  readonly name: string;
  readonly status: string;
  readonly history: readonly HistoryEvent[];
}

/** Reads every instance of a state file whose host has stopped, in the order of their start. */
export function readInstances(stateFile: string): readonly StoredInstance[] {
  const file = new DatabaseSync(stateFile, { readOnly: true });
  try {
    const events = file.prepare('SELECT event FROM history WHERE instance_id = ? ORDER BY seq');
    return file
      .prepare('SELECT id, name, status FROM instances ORDER BY created_at, id')
      .all()
      .map(({ id, name, status }) => ({
        id: String(id),
        name: String(name),
        status: String(status),
        history: events.all(String(id)).map(({ event }) => JSON.parse(String(event))),
      }));
  } finally {
    file.close();
  }
}
