/** Timers that can all be dropped at once. */
export class Timers {
  readonly #running = new Set<NodeJS.Timeout>();

  /** @returns cancels it; `false` when it has run already. */
  after(delayMs: number, work: () => void): () => boolean {
    const timer = setTimeout(() => {
      this.#running.delete(timer);
      work();
    }, delayMs);
    this.#running.add(timer);
    return () => {
      clearTimeout(timer);
      return this.#running.delete(timer);
    };
  }

  clear(): void {
    for (const timer of this.#running) clearTimeout(timer);
    this.#running.clear();
  }
}
