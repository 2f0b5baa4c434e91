import type { StateFile } from '../state-file.ts';
import type { HistoryEvent } from './history-event.ts';
import type { ActivityTask, Instance, InstanceFilter, Message, RuntimeStatus } from './instance.ts';

/** Instances, their histories, and what is on its way to them. */
export class InstanceStore {
  readonly #file: StateFile;

  constructor(file: StateFile) {
    this.#file = file;
  }

  get isOpen(): boolean {
    return this.#file.isOpen;
  }

  transaction<T>(body: () => T): T {
    return this.#file.transaction(body);
  }

  find(id: string): Instance | null {
    const row = this.#file.one('SELECT * FROM instances WHERE id = ?', id);
    return row === undefined ? null : toInstance(row);
  }

  put(instance: Instance): void {
    this.#file.run(
      'INSERT OR REPLACE INTO instances VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      instance.id,
      instance.executionId,
      instance.name,
      instance.status,
      instance.input,
      instance.output,
      instance.customStatus,
      instance.createdAt,
      instance.updatedAt,
      instance.generation,
      instance.fresh ? 1 : 0,
    );
  }

  /** In order of id. */
  list(filter: InstanceFilter): Instance[] {
    const statuses = filter.statuses.map((status) => `'${status.replaceAll("'", "''")}'`).join();
    const inStatus = filter.statuses.length === 0 ? '' : `AND status IN (${statuses})`;
    return this.#file
      .all(
        `SELECT * FROM instances WHERE id >= ? AND substr(id, 1, ?) = ?
         AND created_at >= ? AND created_at <= ? ${inStatus} ORDER BY id LIMIT ?`,
        filter.fromId > filter.prefix ? filter.fromId : filter.prefix,
        [...filter.prefix].length,
        filter.prefix,
        filter.createdFrom ?? Number.MIN_SAFE_INTEGER,
        filter.createdTo ?? Number.MAX_SAFE_INTEGER,
        filter.limit,
      )
      .map(toInstance);
  }

  /** Removes the instance with all that belongs to it. */
  remove(id: string): void {
    for (const table of ['history', 'messages', 'tasks']) {
      this.#file.run(`DELETE FROM ${table} WHERE instance_id = ?`, id);
    }
    this.#file.run('DELETE FROM instances WHERE id = ?', id);
  }

  history(id: string): HistoryEvent[] {
    // As one text, for one row and one parse cost much less than one of each per event.
    const row = this.#file.one(
      "SELECT group_concat(event, ',' ORDER BY seq) AS events FROM history WHERE instance_id = ?",
      id,
    );
    return JSON.parse(`[${row?.['events'] ?? ''}]`) as HistoryEvent[];
  }

  appendHistory(id: string, from: number, events: readonly HistoryEvent[]): void {
    for (const [at, event] of events.entries()) {
      this.#file.run('INSERT INTO history VALUES (?, ?, ?)', id, from + at, JSON.stringify(event));
    }
  }

  clearHistory(id: string): void {
    this.#file.run('DELETE FROM history WHERE instance_id = ?', id);
  }

  send(message: Message): void {
    this.#file.run(
      'INSERT INTO messages (instance_id, execution_id, due_at, event) VALUES (?, ?, ?, ?)',
      message.instanceId,
      message.executionId,
      message.dueAt,
      JSON.stringify(message.event),
    );
  }

  /** What is due for an instance, in the order in which it became due. */
  inbox(id: string, now: number): (Message & { readonly seq: number })[] {
    return this.#file
      .all(
        'SELECT * FROM messages WHERE instance_id = ? AND due_at <= ? ORDER BY due_at, seq',
        id,
        now,
      )
      .map((row) => ({
        seq: Number(row['seq']),
        instanceId: String(row['instance_id']),
        executionId: row['execution_id'] as string | null,
        dueAt: Number(row['due_at']),
        event: JSON.parse(String(row['event'])) as HistoryEvent,
      }));
  }

  take(seq: number): void {
    this.#file.run('DELETE FROM messages WHERE seq = ?', seq);
  }

  /** Drops the messages, timers included, that only an ended execution would have taken. */
  dropMessages(id: string, executionId: string): void {
    this.#file.run(
      'DELETE FROM messages WHERE instance_id = ? AND execution_id = ?',
      id,
      executionId,
    );
  }

  /** Every instance with something to do, as a host finds them when it starts. */
  instancesWaiting(now: number): string[] {
    return this.#file
      .all(
        `SELECT instance_id AS id FROM messages WHERE due_at <= ?
         UNION SELECT id FROM instances WHERE fresh = 1`,
        now,
      )
      .map(({ id }) => String(id));
  }

  instancesWithDueTimers(now: number): string[] {
    return this.#file
      .all('SELECT DISTINCT instance_id AS id FROM messages WHERE due_at BETWEEN 1 AND ?', now)
      .map(({ id }) => String(id));
  }

  /** When the first message that is due after a time becomes due; null without such messages. */
  nextTimerAt(now: number): number | null {
    return toTime(this.#file.one('SELECT min(due_at) AS at FROM messages WHERE due_at > ?', now));
  }

  addTask(task: Omit<ActivityTask, 'seq'>): void {
    this.#file.run(
      `INSERT INTO tasks (instance_id, execution_id, task_id, name, input)
       VALUES (?, ?, ?, ?, ?)`,
      task.instanceId,
      task.executionId,
      task.taskId,
      task.name,
      task.input,
    );
  }

  tasksAfter(seq: number, limit: number): ActivityTask[] {
    // Not bound: SQLite plans a statement anew each time that a value is bound to its limit.
    return this.#file
      .all(`SELECT * FROM tasks WHERE seq > ? ORDER BY seq LIMIT ${limit}`, seq)
      .map((row) => ({
        seq: Number(row['seq']),
        instanceId: String(row['instance_id']),
        executionId: String(row['execution_id']),
        taskId: Number(row['task_id']),
        name: String(row['name']),
        input: row['input'] as string | null,
      }));
  }

  /** False when it is gone already: its instance was purged or started anew. */
  endTask(seq: number): boolean {
    return this.#file.run('DELETE FROM tasks WHERE seq = ?', seq) > 0;
  }
}

function toTime(row: Record<string, unknown> | undefined): number | null {
  const at = row?.['at'] ?? null;
  return at === null ? null : Number(at);
}

function toInstance(row: Record<string, unknown>): Instance {
  return {
    id: String(row['id']),
    executionId: String(row['execution_id']),
    name: String(row['name']),
    status: row['status'] as RuntimeStatus,
    input: row['input'] as string | null,
    output: row['output'] as string | null,
    customStatus: row['custom_status'] as string | null,
    createdAt: Number(row['created_at']),
    updatedAt: Number(row['updated_at']),
    generation: row['generation'] as number | null,
    fresh: row['fresh'] === 1,
  };
}
