import { isAlive, readInstance } from '../durable/read-instance.ts';
import { defineClientActivity } from '../durable/steps.ts';
import type { Services } from './services.ts';

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
        const alive = instance !== null && isAlive(instance);
        const output = instance?.output as { readonly kind?: unknown } | null | undefined;
        const ended = typeof output?.kind === 'string' ? output.kind : 'crashed';
        return { instanceId, alive, outcome: alive || instance === null ? null : ended };
      });
      return { states: await Promise.all(states) };
    },
);
