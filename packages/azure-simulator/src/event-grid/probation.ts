/** Failures in a row after which an endpoint is left alone. */
const FAILURES = 10;

/** How long, in seconds, longer each time: assumed; documented is "up to several hours". */
const STEPS_S = [10, 30, 60, 300, 600, 1800, 3600, 7200] as const;

/** Endpoints that are gone or closed are left alone for longer: assumed, from the retry table. */
const LEAST_S: Readonly<Record<number, number>> = { 401: 300, 403: 300, 404: 300 };

/**
 * Delayed delivery: an endpoint that fails ten times in a row gets nothing for a while, new events
 * included.
 *
 * Source: "Event Grid message delivery and retry", Delayed delivery.
 */
export class Probation {
  /** Milliseconds of the clock; in the past when the endpoint is not left alone. */
  until = 0;
  readonly #speed: number;
  #failures = 0;
  #steps = 0;

  constructor(speed: number) {
    this.#speed = speed;
  }

  note(delivered: boolean, status: number | undefined): void {
    if (delivered) {
      this.#failures = 0;
      this.#steps = 0;
      return;
    }
    this.#failures += 1;
    // What was under way when it began tells nothing new.
    if (this.#failures < FAILURES || Date.now() < this.until) return;
    const step = STEPS_S[Math.min(this.#steps, STEPS_S.length - 1)] ?? 0;
    const seconds = Math.max(step, LEAST_S[status ?? 0] ?? 0);
    this.#steps += 1;
    this.until = Date.now() + (seconds * 1000) / this.#speed;
  }
}
