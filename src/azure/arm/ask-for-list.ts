import type { Answer } from '../azure.ts';
import { ask } from './errors.ts';

/**
 * Asks Azure for a list. A 404 is no empty list: nothing was read, so it is a refusal.
 *
 * @throws AzureUnavailableError as `ask` does.
 */
export async function askForList<T>(
  operation: string,
  list: () => Promise<readonly T[]>,
): Promise<Answer<readonly T[]>> {
  const answer = await ask(operation, list);
  if (answer.status !== 'ok') return answer;
  if (answer.value !== null) return { status: 'ok', value: answer.value };
  return { status: 'refused', code: 'NotFound', message: 'The list was not found.' };
}
