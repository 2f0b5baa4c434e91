import { CHECKS, type CheckCode } from './checks.ts';
import { DOCS } from './documents.ts';

/** One check's answer about one resource, for people and for machines. */
export interface Verdict {
  /** `warn`: it does not stand in the way, and somebody should know. */
  readonly answer: 'pass' | 'warn' | 'blocked' | 'unreadable' | 'undecidable';
  /** Stable, kebab-case, e.g. `incremental-snapshots`; ARM's own where Azure let nothing be read. */
  readonly code: string;
  /** What was found. */
  readonly message: string;
  /** What to do about it; empty where nothing is to be done. */
  readonly fix: string;
  /** URL of the page that the check rests on. */
  readonly docs: string;
  /** ARM ID or key URL of what was judged. */
  readonly target: string;
}

/** Puts a verdict together: what to do about it, and why, is the same for everybody. */
export function verdict(
  answer: Verdict['answer'],
  code: CheckCode,
  message: string,
  target: string,
): Verdict {
  const { fix, docs } = CHECKS[code];
  return { answer, code, message, fix: answer === 'pass' ? '' : fix, docs, target };
}

/** The verdict on what Azure refused to show, under ARM's own code. */
export function unreadableVerdict(code: string, message: string, target: string): Verdict {
  const fix = 'Give keyturn the right to read it, or wait until Azure answers again.';
  return { answer: 'unreadable', code, message, fix, docs: DOCS.rights, target };
}

/** Whether a VM may be switched off with this verdict standing. */
export function forbidsDeallocation({ answer }: Verdict): boolean {
  return answer === 'blocked' || answer === 'unreadable';
}
