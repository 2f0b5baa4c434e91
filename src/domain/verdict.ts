/** One check's answer about one resource, for people and for machines. */
export interface Verdict {
  readonly answer: 'pass' | 'blocked' | 'unreadable' | 'undecidable';
  /** Stable, kebab-case, e.g. `incremental-snapshots`. */
  readonly code: string;
  /** What was found, and what to do about it. */
  readonly message: string;
  /** ARM ID or key URL of what was judged. */
  readonly target: string;
}

/** Whether a VM may be switched off with this verdict standing. */
export function forbidsDeallocation({ answer }: Verdict): boolean {
  return answer === 'blocked' || answer === 'unreadable';
}
