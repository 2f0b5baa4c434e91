import type { OrchestrationContext } from 'durable-functions';

/** How long one question waits its turn. */
const PATIENCE_MS = 2 * 3_600_000;
const STEP_MS = 1_000;
const LONGEST_EXTRA_MS = 30_000;

/** Says how long to wait before the next attempt; null when it has taken too long. */
export type Patience = (retryAfterMs: number) => number | null;

/**
 * Waits as long as Azure says, and a second longer each time: to a hundred callers at once it says
 * "1 s" each time, and they would use up each other's quota for ever.
 */
export function patience(context: OrchestrationContext): Patience {
  let untilMs: number | null = null;
  let extraMs = 0;
  return (retryAfterMs) => {
    const nowMs = context.df.currentUtcDateTime.getTime();
    untilMs ??= nowMs + PATIENCE_MS;
    if (nowMs > untilMs) return null;
    const waitMs = retryAfterMs + extraMs;
    if (extraMs < LONGEST_EXTRA_MS) extraMs += STEP_MS;
    return waitMs;
  };
}
