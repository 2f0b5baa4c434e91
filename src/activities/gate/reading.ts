import type { Answer } from '../../azure/azure.ts';
import type { Reading } from '../../domain/azure/reading.ts';
import { isUnavailable } from '../is-unavailable.ts';

type Throttled = Extract<Answer<never>, { status: 'throttled' }>;

class ThrottledRead extends Error {
  readonly answer: Throttled;

  constructor(answer: Throttled) {
    super(answer.code);
    this.answer = answer;
  }
}

/** Judges, or says when to come back: a fact that Azure gives later is no reason to block. */
export async function unlessThrottled<T>(judge: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { status: 'ok', value: await judge() };
  } catch (error) {
    if (error instanceof ThrottledRead) return error.answer;
    throw error;
  }
}

/** Turns an answer into a fact: neither a refusal nor an outage may read as a pass. */
export async function reading<T>(asked: Promise<Answer<T>>): Promise<Reading<T>> {
  try {
    const answer = await asked;
    if (answer.status === 'ok') return { status: 'read', value: answer.value };
    if (answer.status === 'throttled') throw new ThrottledRead(answer);
    return { status: 'unreadable', code: answer.code, message: answer.message };
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return { status: 'unreadable', code: error.code, message: error.message };
  }
}
