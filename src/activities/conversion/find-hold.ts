import { OFF_BY_TAG, type Vm } from '../../domain/azure/vm.ts';
import type { HeldVm } from '../../domain/conversion/held-vm.ts';
import { holdsLease } from '../../domain/turn/lease.ts';
import { instanceIdFor } from '../../durable/instance-id.ts';
import type { Store } from '../../store/store.ts';

/**
 * Says whether a VM is off by keyturn rather than by its owner; null: it is not. Only reads.
 *
 * The store decides: a deallocation is noted there before it is asked. The mark alone decides only
 * where the store knows nothing of the VM, and so was lost. Between the mark and the deallocation a
 * lease is held, and whatever switched the VM off then, it was not keyturn.
 *
 * @throws StoreUnavailableError
 */
export async function findHold(store: Store, vm: Pick<Vm, 'id' | 'tags'>): Promise<HeldVm | null> {
  const instanceId = instanceIdFor('vm', vm.id);
  const attempt = await store.attempts.find(instanceId);
  if (attempt !== null) return { kind: 'held', conversionId: attempt.conversionId };
  if (vm.tags[OFF_BY_TAG] !== instanceId) return null;
  if (holdsLease(await store.leases.list(), instanceId, undefined)) return null;
  const known = await store.journal.find({ target: vm.id }, { top: 1, token: null });
  return known?.records.length === 0 ? { kind: 'held', conversionId: null } : null;
}
