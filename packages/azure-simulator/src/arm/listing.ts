/** A list of resources whose bodies are made only for the page that is asked for. */
export class Listing<T> {
  readonly #items: readonly T[];
  readonly #show: (item: T) => unknown;

  constructor(items: readonly T[], show: (item: T) => unknown) {
    this.#items = items;
    this.#show = show;
  }

  get length(): number {
    return this.#items.length;
  }

  slice(from: number, to: number): unknown[] {
    return this.#items.slice(from, to).map(this.#show);
  }
}
