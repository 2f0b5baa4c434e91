import type { Answer } from '../azure.ts';

/** How long what many VMs share serves those that are judged at the same time. */
const REMEMBERED_FOR_MS = 60_000;
/** The same for what is about single VMs or disks, though it is read with all others. */
export const BRIEFLY_MS = 10_000;

/**
 * Lets calls with the same key share one answer for a while; only good answers are kept.
 *
 * @param isWorthKeeping says no to what stands in the way, for whoever mends it asks again at once.
 *
 * Lists of a whole subscription draw on a small bucket (239 in three minutes, recorded), and many
 * VMs are judged at once.
 */
export function remember<T>(
  call: (key: string) => Promise<Answer<T>>,
  freshMs = REMEMBERED_FOR_MS,
  isWorthKeeping: (value: T) => boolean = () => true,
): (key: string) => Promise<Answer<T>> {
  const kept = new Map<string, Kept<T>>();
  return async (key) => {
    const known = kept.get(key);
    if (known && known.untilMs > Date.now()) return known.answer;
    forgetOld(kept);
    const asked = { untilMs: Date.now() + freshMs, answer: call(key) };
    kept.set(key, asked);
    const isKept = await asked.answer.then(
      (answer) => answer.status === 'ok' && isWorthKeeping(answer.value),
      () => false,
    );
    if (!isKept && kept.get(key) === asked) kept.delete(key);
    return asked.answer;
  };
}

interface Kept<T> {
  readonly untilMs: number;
  readonly answer: Promise<Answer<T>>;
}

/** There may be a key for each VM, and a process runs for weeks. The oldest come first. */
function forgetOld<T>(kept: Map<string, Kept<T>>): void {
  for (const [key, { untilMs }] of kept) {
    if (untilMs > Date.now()) return;
    kept.delete(key);
  }
}
