import type { DurationKind } from '../compute/durations.ts';
import { drawDurationMs } from '../compute/durations.ts';
import type { OperationFailure } from '../faults.ts';
import type { Random } from '../random.ts';
import type { Answer } from './answer.ts';
import { ArmError, anotherOperationRunning, type ErrorBody } from './arm-error.ts';
import type { Operation, OperationPlan } from './operation.ts';
import { operationHeaders } from './operation-urls.ts';
import type { Call } from './route.ts';

/** How long one operation takes, for benchmarks that compare with the least that is possible. */
export interface DrawnDuration {
  readonly kind: DurationKind;
  readonly resourceId: string;
  /** ISO 8601. */
  readonly requestedAt: string;
  readonly durationMs: number;
}

/** Long-running operations: accepted now, true later, one at a time per resource. */
export class Operations {
  readonly drawn: DrawnDuration[] = [];
  /** Called with each operation that ended; events are raised here. */
  onEnd: (operation: Operation) => void = () => {};
  readonly #byId = new Map<string, Operation>();
  readonly #running = new Map<string, Operation>();
  readonly #counts = new Map<string, number>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #random: Random;
  readonly #speed: number;

  constructor({ random, speed }: { random: Random; speed: number }) {
    this.#random = random;
    this.#speed = speed;
  }

  find(id: string): Operation | undefined {
    return this.#byId.get(id.toLowerCase());
  }

  running(resourceId: string): Operation | undefined {
    return this.#running.get(resourceId.toLowerCase());
  }

  /** @throws ArmError 409 while the resource has an operation. */
  refuseIfBusy(resourceId: string): void {
    if (this.running(resourceId)) throw anotherOperationRunning();
  }

  /**
   * Accepts an operation: 202 with the two polling URLs.
   *
   * @throws ArmError 409 while the resource has another one.
   */
  begin(plan: OperationPlan, call: Call): Answer {
    const operation = this.#accept(plan, call.requestId, call.failOperation);
    return {
      status: 202,
      headers: {
        ...operationHeaders(operation, call),
        ...this.retryAfter(plan.retry?.initialS),
      },
      body: plan.accepted,
      operationId: operation.id,
    };
  }

  /** Starts an operation that nobody asked for and nobody polls; not while there is another one. */
  startOwn(plan: OperationPlan): void {
    if (!this.running(plan.resourceId)) this.#accept(plan, this.#random.guid(), null);
  }

  #accept(plan: OperationPlan, id: string, forced: OperationFailure | null): Operation {
    this.refuseIfBusy(plan.resourceId);
    const durationMs = this.#draw(plan);
    const operation: Operation = {
      id,
      plan,
      requestedAt: Date.now(),
      endsAt: Date.now() + durationMs,
      forced,
      state: 'InProgress',
      output: undefined,
      error: null,
      polls: 0,
    };
    this.#byId.set(operation.id, operation);
    this.#running.set(plan.resourceId.toLowerCase(), operation);
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#end(operation);
    }, durationMs);
    this.#timers.add(timer);
    return operation;
  }

  /** Ends what is due by the clock, for readers that come before the timer does. */
  settle(): void {
    const due = [...this.#running.values()].filter(({ endsAt }) => endsAt <= Date.now());
    for (const operation of due.sort((a, b) => a.endsAt - b.endsAt)) this.#end(operation);
  }

  /** Divided by the speed, but never below the one second that the header can say. */
  retryAfter(seconds: number | undefined): Record<string, string> {
    if (seconds === undefined) return {};
    return { 'retry-after': String(Math.max(1, Math.round(seconds / this.#speed))) };
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #draw({ kind, resourceId }: OperationPlan): number {
    const name = `${kind} ${resourceId.toLowerCase()}`;
    const count = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, count);
    const drawnMs = drawDurationMs(kind, `${name} ${count}`, this.#random);
    const durationMs = Math.max(1, Math.round(drawnMs / this.#speed));
    this.drawn.push({ kind, resourceId, requestedAt: new Date().toISOString(), durationMs });
    return durationMs;
  }

  #end(operation: Operation): void {
    if (operation.state !== 'InProgress') return;
    const { plan, forced } = operation;
    this.#running.delete(plan.resourceId.toLowerCase());
    const keepsEffect = forced?.leaves === 'effect';
    const refused = forced === null || keepsEffect ? this.#complete(operation) : null;
    const error = refused ?? errorOf(forced);
    operation.error = error;
    operation.state = error === null ? 'Succeeded' : 'Failed';
    if (error !== null) operation.output = undefined;
    // What was done and failed after it stays done.
    const undone = refused !== null || !keepsEffect;
    if (error !== null && undone) plan.fail?.(error);
    this.onEnd(operation);
  }

  #complete(operation: Operation): ErrorBody | null {
    try {
      operation.output = operation.plan.complete();
      return null;
    } catch (error) {
      if (error instanceof ArmError) return error.toErrorBody();
      throw error;
    }
  }
}

/** What Azure says of it. */
function errorOf(forced: OperationFailure | null): ErrorBody | null {
  if (forced === null) return null;
  const { leaves: _, ...error } = forced;
  return error;
}
