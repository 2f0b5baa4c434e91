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
  const kept = new Map<string, { readonly until: number; readonly answer: Promise<Answer<T>> }>();
  return async (key) => {
    const known = kept.get(key);
    if (known && known.until > Date.now()) return known.answer;
    const answer = call(key);
    kept.set(key, { until: Date.now() + freshMs, answer });
    try {
      const answered = await answer;
      if (answered.status !== 'ok' || !isWorthKeeping(answered.value)) kept.delete(key);
    } catch (error) {
      kept.delete(key);
      throw error;
    }
    return answer;
  };
}
