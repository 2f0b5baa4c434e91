import { isAlive, readInstance } from '../../durable/read-instance.ts';
import { defineClientActivity } from '../../durable/steps.ts';
import type { Services } from '../services.ts';

/** How one instance stands. */
export interface InstanceState {
  readonly instanceId: string;
  readonly alive: boolean;
  /** The outcome's kind; `crashed` when it ended without one; null while it runs or is unknown. */
  readonly outcome: string | null;
}

/** Reads how instances stand. Only reads. */
export const readInstances = defineClientActivity(
  'readInstances',
  { attempts: 5, firstDelayMs: 2_000 },
  (_services: Services, client) =>
    async ({
      instanceIds,
    }: {
      readonly instanceIds: readonly string[];
    }): Promise<{ readonly states: readonly InstanceState[] }> => {
      const states = instanceIds.map(async (instanceId): Promise<InstanceState> => {
        const instance = await readInstance(client, instanceId);
        const output = instance?.output as Partial<Deferred> | null | undefined;
        const alive = instance !== null && (isAlive(instance) || waitsForPlace(output));
        const ended = typeof output?.kind === 'string' ? output.kind : 'crashed';
        return { instanceId, alive, outcome: alive || instance === null ? null : ended };
      });
      return { states: await Promise.all(states) };
    },
);

interface Deferred {
  readonly kind: unknown;
  readonly reason: unknown;
}

/** It goes on by itself as soon as others have ended: whoever asked for it waits on. */
function waitsForPlace(output: Partial<Deferred> | null | undefined): boolean {
  return output?.kind === 'deferred' && output.reason === 'no-free-place';
}
