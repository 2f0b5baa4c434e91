import { parseOutcome, type TargetResult } from '../../domain/conversion/instance-outcome.ts';
import { type Instance, isAlive, readInstance } from '../../durable/read-instance.ts';
import { defineClientActivity } from '../../durable/steps.ts';
import type { Services } from '../services.ts';

/** How one instance stands. */
export interface InstanceState {
  readonly instanceId: string;
  readonly alive: boolean;
  /** Null while it runs, or when nobody knows of it. */
  readonly outcome: TargetResult['outcome']['kind'] | null;
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
      const states = instanceIds.map(async (instanceId) => {
        const instance = await readInstance(client, instanceId);
        return { instanceId, ...stateOf(instance) };
      });
      return { states: await Promise.all(states) };
    },
);

/** Where an instance stands. */
export function stateOf(instance: Instance | null): Omit<InstanceState, 'instanceId'> {
  if (instance === null) return { alive: false, outcome: null };
  if (isAlive(instance)) return { alive: true, outcome: null };
  const outcome = parseOutcome(instance.output);
  // It goes on by itself as soon as others have ended: whoever asked for it waits on.
  const waitsForPlace = outcome?.kind === 'deferred' && outcome.reason === 'no-free-place';
  return waitsForPlace
    ? { alive: true, outcome: null }
    : { alive: false, outcome: outcome?.kind ?? 'crashed' };
}
