import type { Answer } from '../../azure/azure.ts';
import { subscriptionOf } from '../../domain/azure/arm-id.ts';
import { OFF_BY_TAG, type PowerState, type Vm } from '../../domain/azure/vm.ts';
import { exclusionOf } from '../../domain/policy/exclusion-of.ts';
import { isInScope } from '../../domain/policy/is-in-scope.ts';
import { holdsLease } from '../../domain/turn/lease.ts';
import { stopFor } from '../../domain/turn/stop.ts';
import { defineActivity } from '../../durable/steps.ts';
import type { Store } from '../../store/store.ts';
import { isUnavailable } from '../is-unavailable.ts';
import type { Services } from '../services.ts';
import { NO_MACHINE, type Stopping, stopAtFailure } from '../turn/stop-at-failure.ts';
import { unlessAway } from '../unless-away.ts';
import { askToSwitch, type SwitchAnswer } from './ask-to-switch.ts';

/** `isUntouched`: Azure said no, and no earlier run of this can have been taken. */
type Asked = SwitchAnswer & Stopping & { readonly isUntouched?: true };

/** No answer came: Azure may have taken the request all the same. */
interface Unclear {
  readonly status: 'unclear';
  readonly code: string;
}

interface Input {
  readonly vmId: string;
  /** Whose mark the VM must carry. */
  readonly instanceId: string;
  /** The conversion that must hold the lease; absent: an earlier release did not say. */
  readonly conversionId?: string | undefined;
  /** Milliseconds since 1970: when the verdict was read on which this is asked. */
  readonly judgedAtMs: number;
  /** The request of a person that this is part of; null: none. */
  readonly requestId?: string | null;
  /** When its instance began, in ms since 1970: a stop before that was for another. */
  readonly startedAtMs?: number;
  /** ARM IDs of the disk encryption sets that its disks go onto. */
  readonly setIds: readonly string[];
}

/** A person asked to stop. */
interface Stopped {
  readonly status: 'stopped';
  readonly isUntouched?: true;
}

/** The VM runs, and may not be switched off any more: it must be judged anew. */
interface Unwanted {
  readonly status: 'unwanted';
  readonly isUntouched?: true;
}

/**
 * Asks Azure to deallocate a VM; does not wait for it.
 *
 * The process may have stood still for hours before this, or run it twice: so a VM that runs is
 * only switched off under the policy as it is now, with its mark, and on a fresh verdict.
 * Safe to repeat: a VM that is off or going off stays so. An outage is returned here, not thrown:
 * whoever asks must know that the VM may go off.
 */
export const deallocateVm = defineActivity(
  'deallocateVm',
  { attempts: 5, firstDelayMs: 2_000 },
  (services: Services) =>
    async (input: Input): Promise<Asked | Unclear | Unwanted | Stopped> => {
      try {
        return await deallocateIfWanted(services, input);
      } catch (error) {
        if (!isUnavailable(error)) throw error;
        return { status: 'unclear', code: error.code };
      }
    },
);

async function deallocateIfWanted(
  services: Services,
  input: Input,
): Promise<Asked | Unwanted | Stopped> {
  const { azure, store } = services;
  const vm = await azure.readVm(input.vmId).catch(askAgain);
  if (vm.status !== 'ok') {
    const isUnsure = await isAsked(store, input).catch(unlessAway(true));
    return isUnsure ? vm : { ...vm, isUntouched: true };
  }
  if (vm.value === null) return { status: 'ok', value: null };
  const goesOff = GOES_OFF.includes(vm.value.powerState);
  try {
    return await askIfWanted(services, input, vm.value);
  } catch (error) {
    const away = unlessAway(STORE_AWAY)(error);
    if (goesOff) return offWhileAway(services, input, vm.value);
    // One that runs may still be going off by an earlier run; one that was stopped is not.
    return vm.value.powerState === 'running' ? away : { ...away, isUntouched: true };
  }
}

/** Read last: whether its instance, or the request that it is part of, was asked to stop. */
async function isStopped(
  { stopRequests }: Store,
  { instanceId, requestId, startedAtMs = 0 }: Input,
): Promise<boolean> {
  const [own, ofRequest] = await Promise.all([
    stopRequests.givenAtMs(instanceId),
    requestId ? stopRequests.givenAtMs(requestId) : null,
  ]);
  return ofRequest !== null || (own !== null && own >= startedAtMs);
}

/** Whether this conversion has asked before, and Azure may have taken it. */
async function isAsked(
  { attempts }: Store,
  { instanceId, conversionId }: Pick<Input, 'instanceId' | 'conversionId'>,
): Promise<boolean> {
  const attempt = await attempts.find(instanceId);
  return attempt !== null && (attempt.conversionId ?? conversionId) === conversionId;
}

async function askIfWanted(
  services: Services,
  input: Input,
  vm: Vm,
): Promise<Asked | Unwanted | Stopped> {
  const { store } = services;
  const isOpen = await isAsked(store, input);
  // An earlier run may have asked, and Azure be slow to show it.
  const untouched = isOpen ? {} : ({ isUntouched: true } as const);
  // Only what goes off, or is off, may be the doing of an earlier run of this.
  if (!isOpen || !GOES_OFF.includes(vm.powerState)) {
    if (!(await isWanted(services, input, vm))) return { status: 'unwanted', ...untouched };
    if (await isStopped(store, input)) return { status: 'stopped', ...untouched };
  }
  return ask(services, input);
}

/** How long after its verdict Azure may be at a deallocation: the longest recorded took 23 minutes. */
const OURS_UNTIL_MS = 45 * 60_000;
/** A VM must not stay off for long because a store is away. */
const WAIT_FOR_STORE_MS = 15 * 60_000;

/** Off, and the store cannot say by whom: by an earlier run of this, or by its owner meanwhile. */
async function offWhileAway(
  { azure }: Services,
  { vmId, judgedAtMs }: Input,
  { changedAtMs }: Vm,
): Promise<Asked | Unwanted> {
  if (changedAtMs !== null && changedAtMs > judgedAtMs + OURS_UNTIL_MS) {
    return { status: 'unwanted', isUntouched: true };
  }
  if (Date.now() - judgedAtMs < WAIT_FOR_STORE_MS) return STORE_AWAY;
  return askToSwitch(azure.deallocateVm(vmId));
}

/** An outage of the read alone: nothing was asked. */
function askAgain(error: unknown): Extract<Answer<never>, { status: 'throttled' }> {
  if (!isUnavailable(error)) throw error;
  return { status: 'throttled', code: error.code, retryAfterMs: 5_000 };
}

const GOES_OFF: readonly PowerState[] = ['deallocating', 'deallocated'];

const STORE_AWAY = {
  status: 'throttled',
  code: 'StoreUnavailable',
  retryAfterMs: 10_000,
} as const;

async function ask({ azure, store }: Services, input: Input): Promise<Asked | Unwanted> {
  const { instanceId, conversionId } = input;
  const attempt = await store.attempts.begin(instanceId, conversionId);
  // Noted first: whoever takes the lease away meanwhile either sees the note, or is seen here.
  if (attempt === 'first' && !holdsLease(await store.leases.list(), instanceId, conversionId)) {
    await store.attempts.end(instanceId, conversionId);
    return { status: 'unwanted', isUntouched: true };
  }
  const asked = await askToSwitch(azure.deallocateVm(input.vmId));
  const stopping =
    asked.status === 'refused' ? await stopAtFailure(store, input.vmId, asked, NO_MACHINE) : {};
  const answer = { ...asked, ...stopping };
  if (answer.status === 'ok' || attempt === 'again') return answer;
  // Azure did not take it: whoever switches the VM off now, it is not keyturn.
  const untouched: Asked = { ...answer, isUntouched: true };
  return store.attempts.end(instanceId, conversionId).then(() => untouched, unlessAway(answer));
}

/** How old a verdict may be when the VM is switched off on it. */
const VERDICT_COUNTS_MS = 60_000;

async function isWanted(
  { policy, store }: Services,
  { instanceId, conversionId, judgedAtMs, setIds }: Input,
  vm: Vm,
): Promise<boolean> {
  if (vm.powerState !== 'running') return false;
  const allowed = await policy();
  const stops = await store.stops.read();
  const leases = await store.leases.list();
  const nowMs = Date.now();
  const subscriptionId = subscriptionOf(vm.id);
  return (
    stopFor(stops, { setIds, subscriptionId, machine: vm }) === null &&
    holdsLease(leases, instanceId, conversionId) &&
    allowed.mode === 'enforce' &&
    allowed.mayDeallocate &&
    isInScope(vm, allowed) &&
    exclusionOf(vm, null, allowed, nowMs) === null &&
    vm.tags[OFF_BY_TAG] === instanceId &&
    nowMs - judgedAtMs < VERDICT_COUNTS_MS
  );
}
