import { randomUUID } from 'node:crypto';
import { executionStarted } from './history-event.ts';
import { type Instance, isFinished } from './instance.ts';
import type { InstanceStore } from './instance-store.ts';

/**
 * Creates an instance and its start message.
 *
 * @returns null, or the status of the instance that has the id already and has not finished.
 */
export function startInstance(
  store: InstanceStore,
  start: {
    id: string;
    name: string;
    input: string | null;
    parent: object | null;
    version: string | null;
  },
): string | null {
  return store.transaction(() => {
    const { id, name, input, parent, version } = start;
    const previous = store.find(id);
    if (previous !== null && !isFinished(previous)) return previous.status;
    store.remove(id);
    const executionId = randomUUID();
    const generation = parent === null ? nextGeneration(previous) : null;
    const now = Date.now();
    store.put({
      id,
      executionId,
      name,
      status: 'Pending',
      input,
      output: null,
      customStatus: null,
      createdAt: now,
      updatedAt: now,
      generation,
      fresh: false,
    });
    store.send({
      instanceId: id,
      executionId,
      dueAt: 0,
      event: executionStarted({
        name,
        instanceId: id,
        executionId,
        input,
        generation,
        parent,
        version,
      }),
    });
    return null;
  });
}

function nextGeneration(previous: Instance | null): number {
  return previous === null ? 0 : (previous.generation ?? 0) + 1;
}
