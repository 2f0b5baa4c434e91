import type { Accepted, Answer, Azure } from '../../azure/azure.ts';

/** What came of asking; null when there is no such VM. Azure's hint when to look, or null. */
export type SwitchAnswer = Answer<Omit<Accepted, 'outcome'> | null>;

/** Waits for Azure's answer to a request to switch a VM; what it accepted goes on by itself. */
export async function askToSwitch(asking: ReturnType<Azure['startVm']>): Promise<SwitchAnswer> {
  const answer: Answer<Accepted | null> = await asking;
  if (answer.status !== 'ok') return answer;
  if (answer.value === null) return { status: 'ok', value: null };
  const { retryAfterMs, correlationId, operationId } = answer.value;
  return { status: 'ok', value: { retryAfterMs, correlationId, operationId } };
}
