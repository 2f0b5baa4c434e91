/** A promise that was not kept. */
export interface Violation {
  readonly promise: string;
  readonly atMs: number;
  /** What happened, and what stood. */
  readonly text: string;
}

export function violation(promise: string, atMs: number, text: string): Violation {
  return { promise, atMs, text };
}
