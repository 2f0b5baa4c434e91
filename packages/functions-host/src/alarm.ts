/**
 * Longest single wait. `setTimeout` takes at most 24.8 days, and does not notice when the wall
 * clock jumps: looking again every ten minutes bounds how late a jump is noticed.
 */
const LONGEST_WAIT_MS = 600_000;

/** Rings once when the wall clock has reached a time, however far ahead that is. */
export class Alarm {
  readonly #ring: () => void;
  #timeout: ReturnType<typeof setTimeout> | null = null;

  constructor(ring: () => void) {
    this.#ring = ring;
  }

  /** @param dueAt ms since the epoch; null sets no alarm. Replaces the alarm set before. */
  set(dueAt: number | null): void {
    if (this.#timeout !== null) clearTimeout(this.#timeout);
    this.#timeout = null;
    if (dueAt === null) return;
    const waitMs = Math.min(Math.max(dueAt - Date.now(), 0), LONGEST_WAIT_MS);
    this.#timeout = setTimeout(() => {
      if (Date.now() >= dueAt) this.#ring();
      else this.set(dueAt);
    }, waitMs);
  }
}
