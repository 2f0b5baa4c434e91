import type { Simulator } from '@keyturn/azure-simulator/simulator';
import { pause } from '../pause.ts';
import { say, type Terminal } from '../terminal.ts';
import { deliverTo } from './deliver-to.ts';

const LOOK_EVERY_MS = 250;

/**
 * Subscribes an app to the events of the simulated Azure as soon as it answers: an app that takes
 * its environment from the simulated Azure can only be started after it.
 */
export async function subscribeWhenUp(
  simulator: Simulator,
  endpoint: URL,
  terminal: Terminal,
): Promise<void> {
  const { interrupted } = terminal;
  while (!interrupted.aborted && !(await isUp(endpoint, interrupted))) {
    await pause(LOOK_EVERY_MS, interrupted);
  }
  if (interrupted.aborted) return;
  simulator.subscribe(deliverTo(endpoint));
  say(terminal, `${endpoint.origin} is up: events go there.`);
}

/** Whatever it answers, it is there. */
async function isUp({ origin }: URL, signal: AbortSignal): Promise<boolean> {
  try {
    await fetch(origin, { method: 'HEAD', signal });
    return true;
  } catch {
    return false;
  }
}
