/** How many times as much may happen with a mutant as without, before that is endless. */
const ENDLESS = 30;
const LITTLE = 10_000;

/** What the switched sources ask; there is one in each worker. */
export class MutantSwitch {
  readonly reached = new Set<number>();
  #on: number | null = null;
  #ticks = 0;
  #maxTicks = Number.POSITIVE_INFINITY;

  /** Turns all mutants off, and counts from here what happens. */
  turnOff(): void {
    this.reached.clear();
    this.#on = null;
    this.#ticks = 0;
    this.#maxTicks = Number.POSITIVE_INFINITY;
  }

  turnOn(mutant: number, usualTicks: number): void {
    this.#on = mutant;
    this.#ticks = 0;
    this.#maxTicks = usualTicks * ENDLESS + LITTLE;
  }

  get ticks(): number {
    return this.#ticks;
  }

  get isEndless(): boolean {
    return this.#ticks > this.#maxTicks;
  }

  isOn(mutant: number): boolean {
    this.reached.add(mutant);
    this.tick();
    return this.#on === mutant;
  }

  /** @throws when it seems to go on for ever. */
  tick(): void {
    this.#ticks += 1;
    if (this.isEndless) throw new Error('It does not end.');
  }
}

declare global {
  var mutantSwitch: MutantSwitch;
}
