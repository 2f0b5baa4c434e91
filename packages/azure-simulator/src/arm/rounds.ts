/** How often Azure looks after what it keeps by itself. Assumed; it says "within an hour". */
const EVERY_MS = 20 * 60_000;

/** What Azure does by itself, time and again. */
export class Rounds {
  readonly #timer: NodeJS.Timeout;

  constructor(speed: number, tasks: readonly (() => void)[]) {
    this.#timer = setInterval(() => {
      for (const task of tasks) task();
    }, EVERY_MS / speed);
    // A simulator that nobody asks any more keeps no process alive.
    this.#timer.unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
