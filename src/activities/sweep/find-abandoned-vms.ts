import { parseArmId } from '../../domain/azure/arm-id.ts';
import { OFF_BY_TAG, type Vm } from '../../domain/azure/vm.ts';
import { parseOutcome } from '../../domain/conversion/instance-outcome.ts';
import { instanceIdFor } from '../../durable/instance-id.ts';
import { type Instance, isAlive, readInstance } from '../../durable/read-instance.ts';
import { defineClientActivity } from '../../durable/steps.ts';
import { endedBadly } from '../conversion/ended-badly.ts';
import { findHold } from '../conversion/find-hold.ts';
import { isUnavailable } from '../is-unavailable.ts';
import type { Services } from '../services.ts';
import { unlessAway } from '../unless-away.ts';

interface Input {
  readonly vmIds: readonly string[];
}

/** A marked VM that nobody is going to start. */
export interface AbandonedVm {
  readonly vmId: string;
  /** Whether its instance ended badly, which its restoration must not hide. */
  readonly afterRefusal: boolean;
  /** `no`: its instance saw it run again, and only the mark was left. */
  readonly switchedOff: 'maybe' | 'no';
  /** The conversion that holds it off; null: it is not known which, or none. */
  readonly heldBy: string | null;
}

interface Abandoned {
  readonly vms: readonly AbandonedVm[];
  /** VMs that could not be read: nobody knows whether they are off. */
  readonly unreadable: readonly string[];
}

/**
 * Of VMs that are said to be marked, those whose instance is no longer alive. Only reads.
 *
 * An instance that the host does not know counts as dead: its task hub may be lost. A mark with
 * another VM's instance was copied with its tags, and says nothing about this one. One VM that
 * cannot be read does not stand in the way of the others.
 */
export const findAbandonedVms = defineClientActivity(
  'findAbandonedVms',
  { attempts: 5, firstDelayMs: 5_000 },
  (services: Services, client) =>
    async ({ vmIds }: Input): Promise<Abandoned> => {
      const vms: AbandonedVm[] = [];
      const unreadable: string[] = [];
      for (const vmId of vmIds) {
        const vm = await readIfAble(services, vmId);
        if (vm === 'unreadable') unreadable.push(vmId);
        const mark = instanceIdFor('vm', vmId);
        if (vm === 'unreadable' || vm?.tags[OFF_BY_TAG] !== mark) continue;
        const abandoned = judgeMark(vmId, await readInstance(client, mark));
        if (abandoned === null) continue;
        vms.push({ ...abandoned, ...(await holdOf(services, vm)) });
      }
      return { vms, unreadable };
    },
);

async function holdOf(
  { store }: Services,
  vm: Vm,
): Promise<Pick<AbandonedVm, 'heldBy'> & Partial<Pick<AbandonedVm, 'switchedOff'>>> {
  const hold = await findHold(store, vm).catch(unlessAway(UNKNOWN));
  // Marked, but Azure was never asked: if it is off, its owner wants it so.
  return hold === null ? { switchedOff: 'no', heldBy: null } : { heldBy: hold.conversionId };
}

/** It may be off: who holds it stands in the store, which is away. */
const UNKNOWN = { kind: 'held', conversionId: null } as const;

async function readIfAble({ azure }: Services, vmId: string): Promise<Vm | null | 'unreadable'> {
  if (parseArmId(vmId) === null) return 'unreadable';
  try {
    const vm = await azure.readVm(vmId);
    return vm.status === 'ok' ? vm.value : 'unreadable';
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return 'unreadable';
  }
}

function judgeMark(vmId: string, instance: Instance | null): Omit<AbandonedVm, 'heldBy'> | null {
  if (instance === null) return { vmId, afterRefusal: false, switchedOff: 'maybe' };
  if (isAlive(instance)) return null;
  const outcome = parseOutcome(instance.output);
  // One that only found the VM off, and converted it so, says nothing of who is to start it.
  const ranAgain =
    outcome !== null && 'vmLeftOff' in outcome && !outcome.vmLeftOff && outcome.deallocated;
  const switchedOff = ranAgain ? 'no' : 'maybe';
  return { vmId, afterRefusal: endedBadly(instance), switchedOff };
}
