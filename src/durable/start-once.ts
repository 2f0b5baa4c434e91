import type { DurableClient } from 'durable-functions';
import type { Orchestrator } from './steps.ts';

/** `under-way`: an instance of this ID was running already. */
export type Start = 'started' | 'under-way';

/**
 * Starts an instance unless one of its ID runs.
 *
 * Asks the host outright and takes its 409 for the answer: reading the status first would race.
 * The host replaces an instance that has ended.
 */
export async function startOnce<Input extends object>(
  client: DurableClient,
  orchestrator: Pick<Orchestrator<Input>, 'name' | 'input'>,
  options: { readonly instanceId: string; readonly input: Input },
): Promise<Start> {
  try {
    await client.startNew(orchestrator.name, { ...options });
    return 'started';
  } catch (error) {
    // durable-functions 3.5.0 tells the status only in the text.
    const text = error instanceof Error ? error.message : '';
    if (text.includes('unexpected status code: 409')) return 'under-way';
    throw error;
  }
}
