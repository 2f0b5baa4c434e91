import { tagValue } from '../azure/tags.ts';
import type { Vm } from '../azure/vm.ts';
import type { ConversionPolicy } from '../policy/conversion-policy.ts';
import { type MaintenanceWindow, parseWindow, WINDOW_TAG } from '../policy/maintenance-window.ts';
import type { ExpectedDowntime } from './expected-downtime.ts';
import { firstOpening } from './first-opening.ts';

/** Whether a VM may be switched off now. */
export type Turn =
  | { readonly kind: 'now' }
  | { readonly kind: 'later'; readonly atMs: number }
  | { readonly kind: 'awaits-approval' }
  /** Its owner's deallocation starts the conversion. */
  | { readonly kind: 'awaits-deallocation' }
  /** Not as long as nobody changes its window or the policy's. */
  | { readonly kind: 'never'; readonly code: NeverCode; readonly message: string };

/** The turn of what the store lets begin at all. */
export type ScheduledTurn =
  | Turn
  | { readonly kind: 'stopped'; readonly reason: string }
  /** The store gives no answer: nothing may begin that it does not know of. */
  | { readonly kind: 'store-away' };

type NeverCode = 'window-unreadable' | 'no-window' | 'window-too-short';

interface TurnFacts {
  readonly vm: Pick<Vm, 'powerState' | 'tags'>;
  readonly policy: Pick<ConversionPolicy, 'when' | 'windows'>;
  /** Whether a person has approved this very plan. */
  readonly isApproved: boolean;
  readonly nowMs: number;
  readonly expected: ExpectedDowntime;
}

/**
 * Decides when a VM may be switched off for its conversion.
 *
 * One that is off already never waits: that costs no downtime. A window of the VM's own, by its
 * tag, takes the place of the policy's, and counts whatever the policy says, for the owner set it.
 */
export function decideTurn({ vm, policy, isApproved, nowMs, expected }: TurnFacts): Turn {
  if (vm.powerState === 'deallocated') return { kind: 'now' };
  if (policy.when === 'when-deallocated') return { kind: 'awaits-deallocation' };

  const windows = windowsOf(vm, policy);
  if (windows === null) {
    const message = `Its tag ${WINDOW_TAG} is no window such as "Sat,Sun 22:00-04:00 Europe/Amsterdam".`;
    return { kind: 'never', code: 'window-unreadable', message };
  }
  if (windows === 'any-time') {
    return policy.when === 'on-approval' && !isApproved
      ? { kind: 'awaits-approval' }
      : { kind: 'now' };
  }
  if (windows.length === 0) {
    const message = `The policy has no windows, and the VM no tag ${WINDOW_TAG}.`;
    return { kind: 'never', code: 'no-window', message };
  }
  const opensAtMs = firstOpening(windows, nowMs, expected.highMs);
  if (opensAtMs === null) {
    const message = `No window is open for ${Math.ceil(expected.highMs / 1000)} s, which it may take.`;
    return { kind: 'never', code: 'window-too-short', message };
  }
  if (policy.when === 'on-approval' && !isApproved) return { kind: 'awaits-approval' };
  return opensAtMs > nowMs ? { kind: 'later', atMs: opensAtMs } : { kind: 'now' };
}

function windowsOf(
  { tags }: TurnFacts['vm'],
  { when, windows }: TurnFacts['policy'],
): readonly MaintenanceWindow[] | 'any-time' | null {
  const own = tagValue(tags, WINDOW_TAG);
  if (own !== null) {
    const window = parseWindow(own);
    return window === null ? null : [window];
  }
  if (when === 'in-window' || windows.length > 0) return windows;
  return 'any-time';
}
