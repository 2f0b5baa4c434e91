import { subscriptionOf } from '../../domain/azure/arm-id.ts';
import { type AzureFailure, classifyFailure } from '../../domain/conversion/classify-failure.ts';
import { isShared, stopForFailure } from '../../domain/conversion/stop-for-failure.ts';
import { sizeAndPlace } from '../../domain/turn/first-wave.ts';
import { KEYTURN, type Machine } from '../../domain/turn/stop.ts';
import { stopScopeText } from '../../domain/turn/stop-scope.ts';
import type { Store } from '../../store/store.ts';
import { unlessAway } from '../unless-away.ts';

/** What an answer of Azure's stopped for all: the scope of a stop. Absent: nothing. */
export interface Stopping {
  readonly stopped?: string;
}

/** For what is no start: whatever is refused, it is not for want of room. */
export const NO_MACHINE = (): Promise<null> => Promise.resolve(null);

/**
 * Stops what a failure says of something shared, at Azure's first word; the first stop stands.
 *
 * A store that is away does not keep anything else from being done: the next failure, which comes
 * with the next attempt, stops it.
 *
 * @param targetId ARM ID of the VM or disk that met the failure.
 * @param readMachine asked only where it is about the VM's size.
 */
export async function stopAtFailure(
  { stops, starts }: Pick<Store, 'stops' | 'starts'>,
  targetId: string,
  failure: AzureFailure,
  readMachine: () => Promise<Machine | null>,
): Promise<Stopping> {
  const means = classifyFailure(failure);
  if (!isShared(means)) return {};
  const subscriptionId = subscriptionOf(targetId);
  const machine = means === 'stop-subscription' ? null : await readMachine();
  const scope = stopForFailure(failure, subscriptionId, machine);
  if (scope === null) return {};
  const stopped = stopScopeText(scope);
  const reason = `${failure.code}: ${failure.message}`;
  const stop = { scope: stopped, by: KEYTURN, reason, atMs: Date.now() };
  await stops.set(stop).catch(unlessAway(undefined));
  // Whoever takes the stop away begins with a first wave again.
  if (machine !== null) await starts.note(sizeAndPlace(machine), 0).catch(unlessAway(undefined));
  return { stopped };
}
