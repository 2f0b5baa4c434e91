import type { PowerState, Vm } from '../azure/vm.ts';

/** How a deallocation that Azure took ended. */
export type GoneOff =
  | { readonly kind: 'deallocated' }
  /** Somebody else started the VM, which runs. */
  | { readonly kind: 'started-by-another' }
  | { readonly kind: 'problem'; readonly code: string; readonly message?: string };

interface Look {
  readonly powerState: PowerState;
  readonly failure: Vm['failure'];
  /** Whether it was seen not to run since Azure took the deallocation. */
  readonly wentOff: boolean;
  /** Since Azure took it. */
  readonly sinceMs: number;
}

/** The longest recorded of the last years took five minutes, the longest ever 23. */
const DEADLINE_MS = 30 * 60_000;
const UNSEEN_MS = 3 * 60_000;

/**
 * Judges what a VM shows after Azure took its deallocation; null: look again.
 *
 * Only somebody else brings back what went off. A start may fail, and leave off what keyturn
 * switched off, so the VM must be seen to run.
 */
export function judgeGoingOff({ powerState, failure, wentOff, sinceMs }: Look): GoneOff | null {
  if (powerState === 'deallocated') return { kind: 'deallocated' };
  if (powerState === 'running') {
    if (failure !== null) return { kind: 'problem', ...failure };
    if (wentOff) return { kind: 'started-by-another' };
    // Minutes after Azure took the request the VM shows none of it: it failed.
    if (sinceMs > UNSEEN_MS) return { kind: 'problem', code: 'DeallocationFailed' };
  }
  // Within the guest, before Azure came to it: that is no deallocation.
  if (powerState === 'stopped' && sinceMs > UNSEEN_MS) {
    return { kind: 'problem', code: 'StoppedInstead' };
  }
  return sinceMs > DEADLINE_MS ? { kind: 'problem', code: 'DeallocationTimedOut' } : null;
}
