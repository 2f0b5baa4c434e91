/**
 * What came of asking Azure for something.
 *
 * Unreadable is an answer of its own: a read that failed never turns into a pass.
 */
export type Reading<T> =
  | { readonly status: 'read'; readonly value: T }
  | { readonly status: 'unreadable'; readonly code: string; readonly message: string };
