import { OFF_BY_TAG } from '../../domain/azure/vm.ts';
import type { Lease } from '../../domain/turn/lease.ts';
import { isAlive, readInstance } from '../../durable/read-instance.ts';
import { defineClientActivity } from '../../durable/steps.ts';
import { isUnavailable } from '../is-unavailable.ts';
import type { Services } from '../services.ts';
import { LEASE_MS } from './lease-time.ts';

/**
 * Renews the leases of VMs that are off by us or worked on, then takes away those that are over.
 *
 * A lease outlives its instance when that was terminated, or its task hub lost; it counts as long
 * as its VM was asked to go off, or carries the mark. Safe to repeat.
 */
export const tendLeases = defineClientActivity(
  'tendLeases',
  { attempts: 5, firstDelayMs: 5_000 },
  (services: Services, client) => async (): Promise<{ readonly expired: number }> => {
    const { leases } = services.store;
    for (const lease of await leases.list()) {
      const instance = await readInstance(client, lease.holder);
      const isHeld = (instance !== null && isAlive(instance)) || (await mayBeOff(services, lease));
      if (isHeld) await leases.renew(lease.holder, Date.now() + LEASE_MS);
    }
    const expired = await leases.expire(Date.now());
    for (const { holder } of expired) await services.store.attempts.end(holder);
    return { expired: expired.length };
  },
);

/** What cannot be read may be off: it keeps its place. A mark can be taken away by anybody. */
async function mayBeOff({ azure, store }: Services, { vmId, holder }: Lease): Promise<boolean> {
  if ((await store.attempts.find(holder)) !== null) return true;
  try {
    const vm = await azure.readVm(vmId);
    if (vm.status !== 'ok') return true;
    return vm.value?.tags[OFF_BY_TAG] !== undefined;
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return true;
  }
}
