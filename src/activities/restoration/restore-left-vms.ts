import type { DurableClient } from 'durable-functions';
import { type Alert, alertAbout } from '../../domain/alert/alert.ts';
import { OFF_BY_TAG, type PowerState, type Vm } from '../../domain/azure/vm.ts';
import { decideRestoration, type StartsSent } from '../../domain/conversion/decide-restoration.ts';
import { parseOutcome } from '../../domain/conversion/instance-outcome.ts';
import type { Lease } from '../../domain/turn/lease.ts';
import { isAlive, readInstance } from '../../durable/read-instance.ts';
import type { Attempt, Store } from '../../store/store.ts';
import { askToStart } from '../conversion/start-vm.ts';
import { closeOpenRecords } from '../conversion/write-record.ts';
import { isUnavailable } from '../is-unavailable.ts';
import { pause } from '../pause.ts';
import type { Services } from '../services.ts';
import { noteStart } from '../turn/note-start.ts';
import { wakeNext } from '../turn/release-lease.ts';
import { stopAtFailure } from '../turn/stop-at-failure.ts';
import { unlessAway } from '../unless-away.ts';

/** Something that a look did, or could not do. */
interface Told {
  readonly event: string;
  readonly vmId: string;
  readonly code: string | null;
}

/** Looks once; tells what it did, and what people must know. */
export type RestoreLeftVms = (
  client: DurableClient,
  tell: { readonly log: (told: Told) => void; readonly alert: (alert: Alert) => void },
) => Promise<void>;

const NONE: StartsSent = { count: 0, lastAtMs: 0, takenAtMs: null, hasHelped: false };
/** A host that gives no answer about its instances is asked again before it counts as lost. */
const ASKED_AGAIN_AFTER_MS = 10_000;
const MOST_QUESTIONS = 3;

/**
 * Makes the look at VMs that are held off by conversions that are no longer alive, which starts them.
 *
 * It needs nothing of the task hub, for the crash that ends a conversion, or whoever deletes the
 * hub, may take that too: only the store's leases, one read when nothing is off, and Azure. What it
 * remembers between two looks only spares starts; while the store is away it sees by it which VMs run
 * again, so that nobody starts them later against their owner's will.
 */
export function restorerOfLeftVms(services: Services): RestoreLeftVms {
  const starts = new Map<string, StartsSent>();
  let known: readonly Lease[] = [];
  return async (client, tell) => {
    const leases = await services.store.leases.list().catch(unlessAway(null));
    if (leases === null) {
      tell.log({ event: 'restoration.store-away', vmId: '', code: null });
      return seeWhichRun(services, known, starts);
    }
    known = leases;
    for (const holder of starts.keys()) {
      if (!leases.some((lease) => lease.holder === holder)) starts.delete(holder);
    }
    const looks = leases.map(async (lease) => {
      try {
        const end = await endOf(client, lease.holder);
        if (end === 'alive') starts.delete(lease.holder);
        else await restore({ services, client, tell, starts }, lease, end);
      } catch (error) {
        if (!isUnavailable(error) && !isStoreAway(error)) throw error;
        tell.log({ event: 'restoration.not-looked', vmId: lease.vmId, code: error.code });
      }
    });
    await Promise.all(looks);
  };
}

async function seeWhichRun(
  { azure }: Services,
  known: readonly Lease[],
  starts: Map<string, StartsSent>,
): Promise<void> {
  for (const { holder, vmId } of known) {
    const sent = starts.get(holder);
    if (sent === undefined || sent.hasHelped) continue;
    const vm = await azure.readVm(vmId).catch(() => null);
    const runs = vm?.status === 'ok' && vm.value?.powerState === 'running';
    if (runs) starts.set(holder, { ...sent, hasHelped: true });
  }
}

function isStoreAway(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && error.name === 'StoreUnavailableError';
}

/** `ended`: it said itself that the VM did not start. */
type End = 'alive' | 'ended' | 'died';

async function endOf(client: DurableClient, holder: string): Promise<End> {
  for (let question = 1; ; question += 1) {
    try {
      const instance = await readInstance(client, holder);
      if (instance !== null && isAlive(instance)) return 'alive';
      return parseOutcome(instance?.output) === null ? 'died' : 'ended';
    } catch {
      if (question === MOST_QUESTIONS) return 'died';
      await pause(ASKED_AGAIN_AFTER_MS);
    }
  }
}

interface Look {
  readonly services: Services;
  readonly client: DurableClient;
  readonly tell: Parameters<RestoreLeftVms>[1];
  readonly starts: Map<string, StartsSent>;
}

async function restore(look: Look, lease: Lease, end: End): Promise<void> {
  const { services, tell, starts } = look;
  const { vmId, holder } = lease;
  const vm = await services.azure.readVm(vmId);
  if (vm.status !== 'ok') {
    return tell.log({ event: 'restoration.not-looked', vmId, code: vm.code });
  }
  const attempt = await services.store.attempts.find(holder);
  const sent = starts.get(holder) ?? NONE;
  const left = {
    powerState: vm.value?.powerState ?? null,
    changedAtMs: vm.value?.changedAtMs ?? null,
    askedAtMs: attempt && (attempt.atMs ?? 0),
    starts: sent,
  };
  await heedFailure(services.store, vm.value, sent);
  switch (decideRestoration(left, Date.now())) {
    case 'leave':
      return;
    case 'let-go':
      return letGo(look, lease, { vm: vm.value, attempt });
    case 'start': {
      const next = { ...sent, count: sent.count + 1, lastAtMs: Date.now() };
      starts.set(holder, next);
      const answer = await askToStart(services, vmId);
      if (answer.status === 'ok') starts.set(holder, { ...next, takenAtMs: Date.now() });
      const code = answer.status === 'ok' ? null : answer.code;
      tell.log({ event: 'restoration.start-sent', vmId, code });
      if (sent.count > 0 || end === 'ended') return;
      const summary = 'Its conversion died while the VM was off; keyturn starts the VM.';
      tell.alert(alertAbout('conversion-died', vmId, summary, code));
    }
  }
}

/** Why the last start failed may be about all VMs of its size. */
async function heedFailure(store: Store, vm: Vm | null, sent: StartsSent): Promise<void> {
  if (sent.count === 0 || vm?.powerState !== 'deallocated' || vm.failure === null) return;
  await stopAtFailure(store, vm.id, vm.failure, () => Promise.resolve(vm));
}

/** What is on its way is no end. */
function settled(power: PowerState | undefined): PowerState | null {
  return power === 'running' || power === 'deallocated' || power === 'stopped' ? power : null;
}

/** The VM runs, is gone, or was never touched: nothing is held for it any more. */
async function letGo(
  { services: { azure, store }, client, tell, starts }: Look,
  lease: Lease,
  { vm, attempt }: { readonly vm: Vm | null; readonly attempt: Attempt | null },
): Promise<void> {
  const { vmId, holder, conversionId } = lease;
  if (vm?.tags[OFF_BY_TAG] === holder) {
    const unmarked = await azure.removeTag(vmId, OFF_BY_TAG, holder);
    if (unmarked.status === 'throttled') return;
    if (unmarked.status === 'refused') {
      const summary = 'The VM runs, but its tag keyturn:off-by could not be taken away; delete it.';
      tell.alert(alertAbout('vm-still-marked', vmId, summary, unmarked.code));
    }
  }
  if (attempt === null && (await wasAskedMeanwhile(store, lease))) return;
  const outcome = attempt === null ? 'interrupted' : 'restored';
  await closeOpenRecords(store, vmId, { outcome, after: settled(vm?.powerState) });
  if (attempt !== null) await store.attempts.end(holder, attempt.conversionId ?? undefined);
  await store.leases.release(holder, conversionId);
  const sent = starts.get(holder);
  // The next conversion of the VM has the same ID.
  starts.delete(holder);
  // One that was never seen off, or that others started, says nothing of room.
  if (sent && vm?.powerState === 'running') await noteStart(store, vm, sent.lastAtMs);
  tell.log({ event: `restoration.${outcome}`, vmId, code: null });
  // Its task hub may be gone: then the sweep finds who waits.
  await wakeNext(store, client).catch(() => undefined);
}

/**
 * Gives the lease back of a VM that was never asked to go off, unless its deallocation was on its way:
 * that notes itself before it looks for the lease, so that one of the two sees the other.
 */
async function wasAskedMeanwhile(
  { attempts, leases }: Store,
  { holder, conversionId, vmId, keys, untilMs }: Lease,
): Promise<boolean> {
  await leases.release(holder, conversionId);
  const asked = await attempts.find(holder);
  if (asked === null || (asked.conversionId ?? undefined) !== conversionId) return false;
  const caps = keys.map((key) => ({ key, limit: null }));
  await leases.take({ holder, conversionId, vmId, caps, untilMs });
  return true;
}
