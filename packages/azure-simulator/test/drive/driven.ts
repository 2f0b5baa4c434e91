import type { Simulator } from '../../src/simulator.ts';
import { clientsOf } from '../clients.ts';

/** A simulated Azure, and the ways in which it is asked. */
export interface Driven extends ReturnType<typeof clientsOf> {
  readonly simulator: Simulator;
  /** Asks the resource manager what no client asks; `path` after the subscription, with its api-version. */
  arm(method: string, path: string, body?: unknown): Promise<Response>;
}

export function drivenBy(simulator: Simulator): Driven {
  const root = `https://management.azure.com/subscriptions/${simulator.subscriptionId}`;
  return {
    simulator,
    ...clientsOf(simulator),
    arm: (method, path, body) =>
      simulator.handle(
        new Request(`${root}${path}`, {
          method,
          headers: { authorization: 'Bearer static', 'content-type': 'application/json' },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }),
      ),
  };
}

/** Lets a call be refused: its answer is judged all the same. */
export async function refused(work: PromiseLike<unknown>): Promise<void> {
  await Promise.resolve(work).catch(() => {});
}
