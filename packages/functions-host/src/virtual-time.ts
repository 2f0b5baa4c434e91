import FakeTimers, { type Clock } from '@sinonjs/fake-timers';

export interface VirtualTime {
  /** ms since the epoch. */
  now(): number;
  /**
   * Fires one timer after the other until the test holds, each only when nothing is in flight.
   *
   * @throws when no timer is left, or the limit is reached first.
   */
  runUntil(test: () => boolean | Promise<boolean>, limitMs?: number): Promise<void>;
  /** Fires all timers that are due within a time. */
  advance(ms: number): Promise<void>;
  /** Waits until nothing is in flight but what waits for a timer. */
  settle(): Promise<void>;
  /** Sets the wall clock without touching timers, as an operator or NTP does. */
  setClock(at: number): void;
}

const LIMIT_MS = 366 * 86_400_000;
const MAX_TURNS = 100_000;
/** Work of the event loop that ends by itself: wait for it. */
const TRANSIENT = /^(Immediate|FSReq)/;
/** Handles that make runs unrepeatable: refuse them. */
const FORBIDDEN = /^(TCP|TLS|UDP|GetAddrInfo|Process|Worker)/;

const realSetImmediate = setImmediate;
const RealDate = Date;

/**
 * Runs a test under fake `setTimeout`, `setInterval` and `Date`. All else stays real: code goes on
 * in microtasks and `setImmediate`, and time only moves when there is nothing left to do.
 */
export async function withVirtualTime<T>(
  startAt: string | number,
  body: (time: VirtualTime) => Promise<T>,
): Promise<T> {
  const clock = FakeTimers.install({
    now: new Date(startAt),
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'],
  });
  globalThis.Date = dateOf(clock);
  try {
    return await body(virtualTime(clock));
  } finally {
    clock.uninstall();
  }
}

/** A `Date` by a clock. The package's own takes four times as long, and histories are full of dates. */
function dateOf(clock: Clock): DateConstructor {
  class VirtualDate extends RealDate {
    /** By which the package refuses a second clock while this one runs. */
    static readonly isFake = true;
    constructor(...parts: [] | ConstructorParameters<DateConstructor>) {
      if (parts.length === 0) super(clock.now);
      else super(...parts);
    }
    static override now(): number {
      return clock.now;
    }
    // Dates that were made before are dates as well.
    static override [Symbol.hasInstance](value: unknown): boolean {
      return value instanceof RealDate;
    }
  }
  return VirtualDate as unknown as DateConstructor;
}

function virtualTime(clock: Clock): VirtualTime {
  const before = countResources(FORBIDDEN);
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < MAX_TURNS; turn += 1) {
      await new Promise<void>((resolve) => realSetImmediate(resolve));
      refuseHandles(before);
      if (countResources(TRANSIENT).size === 0) return;
    }
    throw new Error(`Work goes on for ever at ${new Date(clock.now).toISOString()}.`);
  };
  const runUntil: VirtualTime['runUntil'] = async (test, limitMs = LIMIT_MS) => {
    const limit = clock.now + limitMs;
    for (;;) {
      await settle();
      if (await test()) return;
      await settle();
      if (clock.countTimers() === 0) throw new Error('Nothing is left to wait for.');
      if (clock.now > limit) throw new Error(`It did not happen within ${limitMs} ms.`);
      clock.next();
    }
  };
  return {
    now: () => clock.now,
    settle,
    runUntil,
    advance: async (ms) => {
      let isOver = false;
      setTimeout(() => {
        isOver = true;
      }, ms);
      await runUntil(() => isOver, ms);
    },
    setClock: (at) => clock.setSystemTime(at),
  };
}

function countResources(kind: RegExp): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of process.getActiveResourcesInfo()) {
    if (kind.test(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

function refuseHandles(before: ReadonlyMap<string, number>): void {
  for (const [name, count] of countResources(FORBIDDEN)) {
    if (count > (before.get(name) ?? 0)) {
      throw new Error(`A handle was opened under virtual time: ${name}.`);
    }
  }
}
