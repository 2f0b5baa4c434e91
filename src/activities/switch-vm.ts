import type { Accepted, Answer, Azure } from '../azure/azure.ts';
import { defineActivity } from '../durable/steps.ts';
import type { Services } from './services.ts';

/** What came of asking; null when there is no such VM. Azure's hint when to look, or null. */
export type Switched = Answer<{ readonly retryAfterMs: number | null } | null>;

interface Input {
  readonly vmId: string;
}

const RETRY = { attempts: 5, firstDelayMs: 2_000 };

/**
 * Asks Azure to deallocate a VM; does not wait for it.
 *
 * Safe to repeat: a VM that is off or going off stays so.
 */
export const deallocateVm = defineActivity(
  'deallocateVm',
  RETRY,
  ({ azure }: Services) =>
    ({ vmId }: Input) =>
      switched(azure.deallocateVm(vmId)),
);

/**
 * Asks Azure to start a VM; does not wait for it.
 *
 * Safe to repeat: starting a running VM ends at once and changes nothing (recorded: 0.14 s).
 */
export const startVm = defineActivity(
  'startVm',
  // Half an hour of an outage: nothing else that is left to do matters as much.
  { attempts: 35, firstDelayMs: 2_000 },
  ({ azure }: Services) =>
    ({ vmId }: Input) =>
      switched(azure.startVm(vmId)),
);

async function switched(asked: ReturnType<Azure['startVm']>): Promise<Switched> {
  const answer: Answer<Accepted | null> = await asked;
  if (answer.status !== 'ok') return answer;
  const accepted = answer.value && { retryAfterMs: answer.value.retryAfterMs };
  return { status: 'ok', value: accepted };
}
