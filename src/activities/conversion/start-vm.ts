import { OFF_BY_TAG } from '../../domain/azure/vm.ts';
import type { ConversionKey } from '../../domain/conversion/conversion-record.ts';
import { instanceIdFor } from '../../durable/instance-id.ts';
import { defineActivity } from '../../durable/steps.ts';
import type { Services } from '../services.ts';
import { type Stopping, stopAtFailure } from '../turn/stop-at-failure.ts';
import { unlessAway } from '../unless-away.ts';
import { askToSwitch, type SwitchAnswer } from './ask-to-switch.ts';
import { readMachine } from './read-machine.ts';

interface Input {
  readonly vmId: string;
  /** The conversion that switched it off; absent: one of which nothing is known any more. */
  readonly conversion?: ConversionKey | undefined;
  /** When this was asked for, in ms since 1970: what went off later is another's. */
  readonly askedAtMs?: number;
}

/** Nobody of ours holds it off: it was given back, and its power state is its owner's. */
interface Untouched {
  readonly status: 'untouched';
}

/**
 * Asks Azure to start a VM; does not wait for it.
 *
 * A refusal for what all VMs of its size, or of its subscription, share stops those at once.
 * Safe to repeat, also minutes after the VM was given back: a VM whose conversion is over is left
 * to its owner. Starting one that runs changes nothing (recorded: 0.14 s).
 */
export const startVm = defineActivity(
  'startVm',
  // Half an hour of an outage: nothing else that is left to do matters as much.
  { attempts: 35, firstDelayMs: 2_000 },
  (services: Services) =>
    async (input: Input): Promise<(SwitchAnswer & Stopping) | Untouched> => {
      // A VM must come back though the store is away: what cannot be known does not keep it off.
      const isOver = await isGivenBack(services, input).catch(unlessAway(false));
      return isOver ? { status: 'untouched' } : askToStart(services, input.vmId);
    },
);

/** The same for whoever knows that keyturn switched the VM off. */
export async function askToStart(
  { azure, store }: Services,
  vmId: string,
): Promise<SwitchAnswer & Stopping> {
  const answer = await askToSwitch(azure.startVm(vmId));
  if (answer.status !== 'refused') return answer;
  const stopping = await stopAtFailure(store, vmId, answer, () => readMachine(azure, vmId));
  return { ...answer, ...stopping };
}

async function isGivenBack(
  services: Services,
  { vmId, conversion, askedAtMs = Number.POSITIVE_INFINITY }: Input,
): Promise<boolean> {
  const { store } = services;
  const instanceId = instanceIdFor('vm', vmId);
  const attempt = await store.attempts.find(instanceId);
  if (attempt !== null) {
    if (conversion === undefined) return (attempt.atMs ?? 0) > askedAtMs;
    return (attempt.conversionId ?? conversion.id) !== conversion.id;
  }
  // With a record and no attempt it never asked, or has given the VM back. Without, the store was lost.
  if (conversion) return (await store.journal.stateOf(conversion)) !== null;
  const vm = await services.azure.readVm(vmId);
  return vm.status === 'ok' && vm.value?.tags[OFF_BY_TAG] !== instanceId;
}
