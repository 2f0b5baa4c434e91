import type { Answer } from '../../azure/azure.ts';
import type { PowerState, Vm } from '../../domain/azure/vm.ts';
import { defineActivity } from '../../durable/steps.ts';
import { pause } from '../pause.ts';
import type { Services } from '../services.ts';

interface Input {
  readonly vmId: string;
  readonly until: PowerState;
  /** How long to look in this call; at most half a minute. */
  readonly forMs: number;
  readonly everyMs: number;
}

/** What the VM shows now; null when it is gone. */
export type Seen = {
  readonly powerState: PowerState;
  /** Why the last operation on it failed, or null. */
  readonly failure: Vm['failure'];
} | null;

/**
 * Looks at a VM until it shows a power state, for a short while at most.
 *
 * Bounded to half a minute, far below any function's time limit: a durable timer between two looks
 * costs more than the look. The orchestrator repeats it, with durable timers in between.
 */
export const watchVm = defineActivity(
  'watchVm',
  { attempts: 35, firstDelayMs: 2_000 },
  ({ azure }: Services) =>
    async ({ vmId, until, forMs, everyMs }: Input): Promise<Answer<Seen>> => {
      const deadline = Date.now() + Math.min(forMs, 30_000);
      for (;;) {
        const answer = await azure.readVm(vmId);
        if (answer.status !== 'ok') return answer;
        if (answer.value === null) return { status: 'ok', value: null };

        const { powerState, failure } = answer.value;
        if (powerState === until || Date.now() + everyMs > deadline) {
          return { status: 'ok', value: { powerState, failure } };
        }
        await pause(everyMs);
      }
    },
);
