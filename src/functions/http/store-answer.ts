import type { HttpResponseInit, InvocationContext } from '@azure/functions';
import { log } from '../../log.ts';
import { armError } from './arm-answer.ts';

/** What the store says, or a refusal that says to come back while it gives no answer. */
export async function storeAnswer<T>(
  context: InvocationContext,
  ask: () => Promise<T>,
): Promise<{ readonly found: T } | { readonly refusal: HttpResponseInit }> {
  try {
    return { found: await ask() };
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'StoreUnavailableError') throw error;
    log(context, 'journal.unavailable', { reason: error.message });
    const refusal = armError(503, 'JournalUnavailable', 'The journal cannot be reached now.');
    return { refusal: { ...refusal, headers: { 'Retry-After': '10' } } };
  }
}
