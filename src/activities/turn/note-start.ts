import { subscriptionOf } from '../../domain/azure/arm-id.ts';
import { sizeAndPlace } from '../../domain/turn/first-wave.ts';
import { holdsMachine, KEYTURN, type Machine } from '../../domain/turn/stop.ts';
import { parseStopScope } from '../../domain/turn/stop-scope.ts';
import type { Store } from '../../store/store.ts';
import { unlessAway } from '../unless-away.ts';

/**
 * Notes that a VM was seen to start, for others of its size; and takes keyturn's own stops of that
 * size away: there is room again.
 *
 * A start that was asked for before the stop proves nothing: its room may have been the last.
 * A store that is away keeps the stop until the next VM starts, or a person takes it away.
 */
export async function noteStart(
  { stops, starts }: Pick<Store, 'stops' | 'starts'>,
  vm: Machine & { readonly id: string },
  askedAtMs: number,
): Promise<void> {
  await starts.note(sizeAndPlace(vm), askedAtMs).catch(unlessAway(undefined));
  const machine = { ...vm, subscriptionId: subscriptionOf(vm.id) };
  const standing = await stops.read().catch(unlessAway([]));
  for (const { scope: text, by, atMs } of standing) {
    const scope = parseStopScope(text);
    const isOfSize = scope?.kind === 'size' || scope?.kind === 'series';
    if (by !== KEYTURN || !isOfSize || atMs >= askedAtMs || !holdsMachine(scope, machine)) continue;
    await stops.clear(text).catch(unlessAway(undefined));
  }
}
