import type { ErrorBody } from './arm/arm-error.ts';

/** Which calls a fault is for. */
export interface FaultMatcher {
  /** `PATCH`, …; any method when absent. */
  readonly method?: string;
  /** Tested on the path of a request, or on `{eventType} {subject}` of an event. */
  readonly path: RegExp;
  /** How many calls it hits; 1 when absent. */
  readonly times?: number;
}

export type Refusal = WordedRefusal | RawRefusal;

interface WordedRefusal extends ErrorBody {
  readonly status: number;
}

/** An answer that no service words, as of a gateway: text that may be a page, or empty. */
export interface RawRefusal {
  readonly status: number;
  readonly body: string;
  /** `text/html` when absent. */
  readonly contentType?: string;
}

/** How an operation that was accepted fails. */
export interface OperationFailure extends ErrorBody {
  /**
   * What remains: `nothing`, as if it had not been asked for, when absent; or the whole `effect`,
   * of an operation that did its work and failed after it.
   */
  readonly leaves?: 'nothing' | 'effect';
}

/** Misfortune on order: each fault waits for the next call that matches it. */
export interface Faults {
  /** Answers with an error instead of doing anything. */
  refuseNext(matcher: FaultMatcher, refusal: Refusal): void;
  throttleNext(matcher: FaultMatcher, retryAfterS: number): void;
  delayNext(matcher: FaultMatcher, delayMs: number): void;
  /** Breaks the connection before Azure took the call, or after it did. */
  dropNext(matcher: FaultMatcher, when: 'before' | 'after'): void;
  /** Accepts the call; the operation that it starts ends as failed. */
  failOperationNext(matcher: FaultMatcher, failure: OperationFailure): void;
  /** Answers a query of Resource Graph as if what has such an ID were not there. */
  leaveOutNext(matcher: FaultMatcher, ids: RegExp): void;
  loseNextEvent(matcher: FaultMatcher): void;
  /** Delivers the event twice, or as often as said. */
  repeatNextEvent(matcher: FaultMatcher, copies?: number): void;
  delayNextEvent(matcher: FaultMatcher, delayMs: number): void;
  /** Holds the event back until the next one that its subscription wants has been sent. */
  reorderNextEvent(matcher: FaultMatcher): void;
  /** The faults that still wait, in the order in which they were asked for. */
  list(): readonly WaitingFault[];
  clear(): void;
}

/** A fault that waits, as JSON. */
export interface WaitingFault {
  readonly kind: FaultKind;
  readonly method: string | null;
  readonly path: string;
  /** How many calls or events it will still hit. */
  readonly left: number;
}

export type FaultKind = keyof Effects;

interface Effects {
  readonly refuse: Refusal;
  readonly throttle: number;
  readonly delay: number;
  readonly drop: 'before' | 'after';
  readonly 'fail-operation': OperationFailure;
  readonly 'leave-out': RegExp;
  readonly 'lose-event': true;
  readonly 'repeat-event': number;
  readonly 'delay-event': number;
  readonly 'reorder-event': true;
}

interface Waiting {
  readonly kind: FaultKind;
  readonly matcher: FaultMatcher;
  readonly effect: Effects[FaultKind];
  left: number;
}

/** The faults that wait, in the order in which they were asked for. */
export class FaultQueue implements Faults {
  #waiting: Waiting[] = [];

  refuseNext(matcher: FaultMatcher, refusal: Refusal): void {
    this.#add('refuse', matcher, refusal);
  }
  throttleNext(matcher: FaultMatcher, retryAfterS: number): void {
    this.#add('throttle', matcher, retryAfterS);
  }
  delayNext(matcher: FaultMatcher, delayMs: number): void {
    this.#add('delay', matcher, delayMs);
  }
  dropNext(matcher: FaultMatcher, when: 'before' | 'after'): void {
    this.#add('drop', matcher, when);
  }
  failOperationNext(matcher: FaultMatcher, failure: OperationFailure): void {
    this.#add('fail-operation', matcher, failure);
  }
  leaveOutNext(matcher: FaultMatcher, ids: RegExp): void {
    this.#add('leave-out', matcher, ids);
  }
  loseNextEvent(matcher: FaultMatcher): void {
    this.#add('lose-event', matcher, true);
  }
  repeatNextEvent(matcher: FaultMatcher, copies = 2): void {
    this.#add('repeat-event', matcher, copies);
  }
  delayNextEvent(matcher: FaultMatcher, delayMs: number): void {
    this.#add('delay-event', matcher, delayMs);
  }
  reorderNextEvent(matcher: FaultMatcher): void {
    this.#add('reorder-event', matcher, true);
  }

  list(): readonly WaitingFault[] {
    return this.#waiting.map(({ kind, matcher: { method = null, path }, left }) => {
      // A regular expression writes `/` with a backslash, whoever wrote it without.
      return { kind, method, path: path.source.replaceAll('\\/', '/'), left };
    });
  }

  clear(): void {
    this.#waiting = [];
  }

  /** The first waiting fault of a kind that matches; it is used up by this. */
  take<K extends FaultKind>(kind: K, method: string, path: string): Effects[K] | null {
    const found = this.#waiting.find(
      (it) => it.kind === kind && it.left > 0 && matches(it.matcher, method, path),
    );
    if (!found) return null;
    found.left -= 1;
    this.#waiting = this.#waiting.filter(({ left }) => left > 0);
    // `#add` pairs each kind with its own effect.
    return found.effect as Effects[K];
  }

  #add<K extends FaultKind>(kind: K, matcher: FaultMatcher, effect: Effects[K]): void {
    this.#waiting.push({ kind, matcher, effect, left: matcher.times ?? 1 });
  }
}

function matches({ method, path: pattern }: FaultMatcher, actual: string, path: string): boolean {
  if (method && method.toUpperCase() !== actual.toUpperCase()) return false;
  pattern.lastIndex = 0;
  return pattern.test(path);
}
