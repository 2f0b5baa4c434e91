import { LineCounter, parseDocument } from 'yaml';
import type { ConversionPolicy, WrittenPolicy } from '../domain/policy/conversion-policy.ts';
import { contradictionsOf } from './contradictions.ts';
import { contentOf, offsetOf, writtenPath } from './document.ts';
import { type Mistake, mistakesOf } from './mistakes.ts';
import { inPlainWords } from './plain-words.ts';
import { PolicyFile } from './policy-file.ts';
import { toPolicy } from './to-policy.ts';

/** One mistake in a policy file. */
export interface PolicyProblem {
  /** From 1. */
  readonly line: number;
  /** Where in the file, e.g. `scope[0].subscription`. */
  readonly path: string;
  readonly message: string;
}

export type ParsedPolicy =
  | { readonly ok: true; readonly policy: WrittenPolicy }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] };

/** What an empty policy file says: nothing is touched. */
export const DEFAULT_POLICY: ConversionPolicy = { ...toPolicy(PolicyFile.parse({})), scope: [] };

/** Reads a policy file; tells all its mistakes at once, each with its line. */
export function parsePolicy(text: string): ParsedPolicy {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: true,
    // What it warns about, a setting that is a map, is told as a mistake below.
    logLevel: 'error',
  });
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ pos, message }) => ({
      line: lineAt(pos[0]),
      path: '',
      message: message.split('\n', 1)[0] ?? message,
    }));
    return { ok: false, problems };
  }
  const content = contentOf(document);
  if ('message' in content) {
    const { offset, message } = content;
    return { ok: false, problems: [{ line: lineAt(offset), path: '', message }] };
  }
  const file = content.value ?? {};
  const parsed = PolicyFile.safeParse(file, { error: inPlainWords });
  const mistakes: readonly Mistake[] = [
    ...(parsed.error?.issues ?? []).flatMap(mistakesOf),
    ...contradictionsOf(file),
  ];
  if (parsed.success && mistakes.length === 0) return { ok: true, policy: toPolicy(parsed.data) };
  const problems = mistakes.map(({ path, message }) => ({
    line: lineAt(offsetOf(document.contents, path)),
    path: writtenPath(path),
    message,
  }));
  return { ok: false, problems: problems.toSorted((a, b) => a.line - b.line) };
}
