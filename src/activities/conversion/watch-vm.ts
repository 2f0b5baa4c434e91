import type { Answer, Azure } from '../../azure/azure.ts';
import { hasGoneOff, type PowerState, type Vm } from '../../domain/azure/vm.ts';
import { defineActivity } from '../../durable/steps.ts';
import { pause } from '../pause.ts';
import type { Services } from '../services.ts';
import { noteStart } from '../turn/note-start.ts';
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
      /** See `Vm`; absent: an earlier release did not say. */
      readonly changedAtMs?: Vm['changedAtMs'];
      /** Seen not to run during this look; absent: not looked for, or not seen. */
      readonly wentOff?: true;
    })
  | null;

/**
 * Looks at a VM until it shows a power state, for a short while at most.
 *
 * A start that succeeded, or failed for want of room, is about all VMs of its size: it ends, or sets,
 * their stop at once. Bounded to half a minute, far below any function's time limit: a durable timer
 * between two looks costs more than the look. The orchestrator repeats it, with durable timers in between.
 */
export const watchVm = defineActivity(
  'watchVm',
  { attempts: 35, firstDelayMs: 2_000 },
  ({ azure, store }: Services) =>
    async (input: Input): Promise<Answer<Seen>> => {
      let stopping: Stopping = {};
      // At the first look that shows it: the VM is looked at for longer, and others are on their way.
      const heed = async (vm: Vm): Promise<void> => {
        if (stopping.stopped === undefined) stopping = await heedStart(store, vm, input.askedAtMs);
      };
      const answer = await look(azure, input, heed);
      if (answer.status !== 'ok') return answer;
      if (answer.value === null) return { status: 'ok', value: null };
      const { vm, wentOff } = answer.value;
      const { powerState, failure, changedAtMs } = vm;
      const off = wentOff ? { wentOff } : {};
      return { status: 'ok', value: { powerState, failure, changedAtMs, ...stopping, ...off } };
    },
);

async function look(
  azure: Azure,
  { vmId, until, forMs, everyMs }: Input,
  heed: (vm: Vm) => Promise<void>,
): Promise<Answer<{ readonly vm: Vm; readonly wentOff: boolean } | null>> {
  const deadline = Date.now() + Math.min(forMs, 30_000);
  let wentOff = false;
  for (;;) {
    const answer = await azure.readVm(vmId);
    if (answer.status !== 'ok') return answer;
    const vm = answer.value;
    if (vm === null) return { status: 'ok', value: null };
    await heed(vm);
    wentOff ||= until === 'deallocated' && hasGoneOff(vm.powerState);
    // It shall go off, and somebody else starts it.
    const comesBack = wentOff && COMES_BACK.includes(vm.powerState);
    if (vm.powerState === until || comesBack || Date.now() + everyMs > deadline) {
      return { status: 'ok', value: { vm, wentOff } };
    }
    await pause(everyMs);
  }
}

const COMES_BACK: readonly PowerState[] = ['starting', 'running'];

/** What the end of a start says of the other VMs of its size. */
async function heedStart(
  store: Services['store'],
  vm: Vm,
  askedAtMs: number | undefined,
): Promise<Stopping> {
  if (askedAtMs === undefined) return {};
  const { powerState, failure } = vm;
  if (powerState === 'running') await noteStart(store, vm, askedAtMs);
  const isOff = powerState === 'deallocated' || powerState === 'stopped';
  if (!isOff || failure === null) return {};
  return stopAtFailure(store, vm.id, failure, () => Promise.resolve(vm));
}
