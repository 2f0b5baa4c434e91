import { Random } from '@keyturn/azure-simulator/random';

/** Chance for stories: the same seed draws the same. */
export class Draw {
  readonly #random: Random;

  constructor(seed: number) {
    // Neighbouring seeds begin alike, so the first numbers are left out.
    this.#random = new Random(Math.imul(seed, 0x9e3779b1));
    for (let skipped = 0; skipped < 4; skipped += 1) this.#random.next();
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.#random.next() * (most - least + 1));
  }

  chance(share: number): boolean {
    return this.#random.next() < share;
  }

  pick<T>(from: readonly T[]): T {
    const picked = from[this.between(0, from.length - 1)];
    if (picked === undefined) throw new Error('nothing to pick from');
    return picked;
  }

  /** One of several, each as often as its weight says. */
  weighted<T>(from: readonly (readonly [weight: number, value: T])[]): T {
    let left = this.#random.next() * from.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, value] of from) {
      left -= weight;
      if (left < 0) return value;
    }
    return this.pick(from)[1];
  }
}
