import type { DurableClient } from 'durable-functions';

/** What the host keeps of one instance. */
export interface Instance {
  readonly id: string;
  /** The orchestrator's name. */
  readonly name: string;
  readonly runtimeStatus: string;
  readonly input: unknown;
  readonly output: unknown;
  readonly customStatus: unknown;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** Reads one instance; null when the host knows none of that ID. */
export async function readInstance(client: DurableClient, id: string): Promise<Instance | null> {
  try {
    const status = await client.getStatus(id, { showInput: true });
    return toInstance(status);
  } catch (error) {
    // A 404 is thrown, with the status only in the text (durable-functions 3.5.0).
    const text = error instanceof Error ? error.message : '';
    if (text.includes('HTTP 404 response')) return null;
    throw error;
  }
}

/** Whether the host still works on it. */
export function isAlive({ runtimeStatus }: Pick<Instance, 'runtimeStatus'>): boolean {
  return ['Pending', 'Running', 'Suspended', 'ContinuedAsNew'].includes(runtimeStatus);
}

type Status = Awaited<ReturnType<DurableClient['getStatus']>>;

export function toInstance(status: Status): Instance {
  return {
    id: status.instanceId,
    name: status.name,
    runtimeStatus: status.runtimeStatus,
    input: status.input ?? null,
    output: status.output ?? null,
    customStatus: status.customStatus ?? null,
    createdAtMs: toMs(status.createdTime),
    updatedAtMs: toMs(status.lastUpdatedTime),
  };
}

/** Typed as `Date`, but text on the wire. */
function toMs(time: Date | string): number {
  return new Date(time).getTime();
}
