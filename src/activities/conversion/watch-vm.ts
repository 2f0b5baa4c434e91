import type { Answer } from '../../azure/azure.ts';
import type { PowerState, Vm } from '../../domain/azure/vm.ts';
import { defineActivity } from '../../durable/steps.ts';
import { pause } from '../pause.ts';
import type { Services } from '../services.ts';
import { endSizeStops } from '../turn/end-size-stops.ts';
import { type Stopping, stopAtFailure } from '../turn/stop-at-failure.ts';

interface Input {
  readonly vmId: string;
  readonly until: PowerState;
  /** How long to look in this call; at most half a minute. */
  readonly forMs: number;
  readonly everyMs: number;
  /** Of a start, when it was asked for; absent where nobody looks for one. */
  readonly askedAtMs?: number;
}

/** What the VM shows now; null when it is gone. */
export type Seen =
  | (Stopping & {
      readonly powerState: PowerState;
      /** Why the last operation on it failed, or null. */
      readonly failure: Vm['failure'];
    })
  | null;

/**
 * Looks at a VM until it shows a power state, for a short while at most.
 *
 * A start that succeeded, or failed for want of room, is about all VMs of its size: it ends, or sets,
 * their stop at once. Bounded to half a minute, far below any function's time limit: a durable timer between two looks
 * costs more than the look. The orchestrator repeats it, with durable timers in between.
 */
export const watchVm = defineActivity(
  'watchVm',
  { attempts: 35, firstDelayMs: 2_000 },
  ({ azure, store }: Services) =>
    async ({ vmId, until, forMs, everyMs, askedAtMs }: Input): Promise<Answer<Seen>> => {
      const deadline = Date.now() + Math.min(forMs, 30_000);
      for (;;) {
        const answer = await azure.readVm(vmId);
        if (answer.status !== 'ok') return answer;
        if (answer.value === null) return { status: 'ok', value: null };

        const { powerState, failure } = answer.value;
        if (powerState === until || Date.now() + everyMs > deadline) {
          const stopping = await heed(store, answer.value, askedAtMs);
          return { status: 'ok', value: { powerState, failure, ...stopping } };
        }
        await pause(everyMs);
      }
    },
);

/** What the end of a start says of the other VMs of its size. */
async function heed(
  store: Services['store'],
  vm: Vm,
  askedAtMs: number | undefined,
): Promise<Stopping> {
  if (askedAtMs === undefined) return {};
  const { powerState, failure } = vm;
  if (powerState === 'running') await endSizeStops(store, vm, askedAtMs);
  const isOff = powerState === 'deallocated' || powerState === 'stopped';
  if (!isOff || failure === null) return {};
  return stopAtFailure(store, vm.id, failure, () => Promise.resolve(vm));
}
