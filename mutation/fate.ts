import type { Mutant } from './mutant.ts';

/** What became of one mutant so far. */
export interface Fate {
  readonly mutant: Mutant;
  killedBy: string | null;
  /** Whether it was killed for it went on for ever. */
  isEndless: boolean;
  /** The tests that reach it. */
  readonly reachedBy: Set<string>;
  /** The files of tests that reach it outside of tests, mostly as they are loaded. */
  readonly loadedBy: string[];
  /** Below nothing, not all tests that reach it have been tried. */
  leftMs: number;
}

/** One line on a mutant that lives. */
export function describeLiving({ mutant, reachedBy, loadedBy, leftMs }: Fate, source: string) {
  const { file, line, start, end, by, prefix = '' } = mutant;
  const [before, after] = [source.slice(start, end), prefix + by].map(inOneLine);
  const change = `${file}:${line}  ${before}  ->  ${after}`;
  if (reachedBy.size + loadedBy.length === 0) return `unreached ${change}`;
  const tests = loadedBy.length > 0 ? `${loadedBy.length} files` : `${reachedBy.size} tests`;
  return `SURVIVED  ${change}  (${tests}${leftMs > 0 ? '' : ', not all of them tried'})`;
}

function inOneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}
