import type { Answer } from '../azure.ts';
import type { ArmRequest } from './arm-request.ts';
import { askForList } from './ask-for-list.ts';
import { pagesOf, type Resource } from './pages.ts';

/** Asks Resource Manager for all items of a list, page by page. */
export function listAll(
  request: ArmRequest,
  operation: string,
  path: string,
  apiVersion: string,
): Promise<Answer<readonly Resource[]>> {
  return askForList(operation, () => pagesOf(request, path, apiVersion, (_what, call) => call()));
}

/** What a resource says of itself, of which nothing is sure to be there. */
export function propertiesOf<T>({ properties }: Resource): Partial<T> {
  return (properties ?? {}) as Partial<T>;
}

/** Changes what an answer holds. */
export function mapped<T, U>(answer: Answer<T>, change: (value: T) => U): Answer<U> {
  return answer.status === 'ok' ? { status: 'ok', value: change(answer.value) } : answer;
}
