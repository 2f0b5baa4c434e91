import { instanceIdFor } from '../../durable/instance-id.ts';
import { readInstance } from '../../durable/read-instance.ts';
import { defineClientActivity } from '../../durable/steps.ts';
import { stateOf } from '../conversion/read-instances.ts';
import type { Services } from '../services.ts';

interface Input {
  readonly requestId: string;
  /** Of the page before; null for the first. */
  readonly after: string | null;
}

interface Output {
  /** How many of the page are under way. */
  readonly open: number;
  /** Null: that was the last page. */
  readonly after: string | null;
  /** A person asked the request to stop: this counts also where the event was lost. */
  readonly isStopped: boolean;
}

const PAGE = 500;

/** Looks how a page of what a request started stands, and notes what has ended. Safe to repeat. */
export const lookAtTargets = defineClientActivity(
  'lookAtTargets',
  { attempts: 5, firstDelayMs: 2_000 },
  ({ store }: Services, client) =>
    async ({ requestId, after }: Input): Promise<Output> => {
      const { targets, next } = await store.targets.open(requestId, after, PAGE);
      const looks = targets.map(async (target) => {
        const instance = await readInstance(client, instanceIdFor(target.kind, target.id));
        const { alive, outcome } = stateOf(instance);
        if (!alive) await store.targets.end(requestId, target, outcome ?? 'unknown');
        return alive;
      });
      const open = (await Promise.all(looks)).filter((alive) => alive).length;
      const isStopped = (await store.stopRequests.givenAtMs(requestId)) !== null;
      return { open, after: next, isStopped };
    },
);
