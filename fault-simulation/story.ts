import type { EstateDescription } from '@keyturn/azure-simulator/estate-description';

export const SUBSCRIPTION = '3f0d9b52-6c1e-4a7d-8f24-90b1e5c7a6d3';
export const REGIONS = ['westeurope', 'northeurope'] as const;
export const GROUP_ID = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-test`;

export type Region = (typeof REGIONS)[number];

export function vmIdOf(name: string): string {
  return `${GROUP_ID}/providers/Microsoft.Compute/virtualMachines/${name}`;
}

export function diskIdOf(name: string): string {
  return `${GROUP_ID}/providers/Microsoft.Compute/disks/${name}`;
}

export function setIdOf(region: string): string {
  return `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-keys/providers/Microsoft.Compute/diskEncryptionSets/des-${region}`;
}

/** The calls of keyturn on which something can happen. */
export const CALLS = {
  tag: { method: 'PATCH', path: /\/tags\/default$/ },
  deallocate: { method: 'POST', path: /\/deallocate$/ },
  'read-vm': { method: 'GET', path: /\/virtualMachines\/[^/]+$/ },
  encrypt: { method: 'PATCH', path: /\/disks\/[^/]+$/ },
  'read-disk': { method: 'GET', path: /\/disks\/[^/]+$/ },
  start: { method: 'POST', path: /\/start$/ },
  'read-set': { method: 'GET', path: /\/diskEncryptionSets\/[^/]+$/ },
  'read-key': { method: 'GET', path: /^\/keys\// },
  'list-snapshots': { method: 'GET', path: /\/snapshots$/ },
  search: { method: 'POST', path: /\/providers\/Microsoft\.ResourceGraph\/resources$/ },
} as const;

export type CallKind = keyof typeof CALLS;

/** A policy as its file says it; plain JSON. */
export interface StoryPolicy {
  readonly mode: 'report' | 'enforce';
  readonly scope: readonly { readonly subscription: string; readonly resourceGroups?: string[] }[];
  readonly exclusions: readonly {
    readonly scope: string;
    readonly owner: string;
    readonly reason: string;
    readonly until: string;
  }[];
  /** Region to set. */
  readonly encryptionSets: Readonly<Record<string, string>>;
  readonly mayDeallocate: boolean;
  readonly settleMinutes: number;
  readonly retryRefusedAfterHours: number;
  readonly when: 'at-once' | 'in-window' | 'on-approval' | 'when-deallocated';
  readonly windows?: readonly StoryWindow[];
  readonly approval: { readonly deadlineHours: number; readonly notByRequester: boolean };
  readonly caps: Readonly<
    Record<'vms' | 'perRegion' | 'perAvailabilitySet' | 'perZone', number | null>
  >;
  readonly stopAfterFailures: number | null;
}

export interface StoryWindow {
  readonly days: readonly string[];
  /** HH:MM. */
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
}

/** A time, in minutes since the beginning; or right before the nth call of a kind. */
export type Moment =
  | { readonly minute: number }
  | { readonly call: CallKind; readonly nth: number };

export type Act =
  | {
      readonly act: 'fault';
      readonly call: CallKind;
      readonly times: number;
      readonly fault:
        | { readonly kind: 'refuse'; readonly status: number; readonly code: string }
        | { readonly kind: 'throttle'; readonly seconds: number }
        | { readonly kind: 'delay'; readonly ms: number }
        | { readonly kind: 'drop'; readonly when: 'before' | 'after' }
        | { readonly kind: 'fail'; readonly code: string; readonly leaves: 'nothing' | 'effect' };
    }
  | {
      readonly act: 'event-fault';
      readonly kind: 'lose' | 'repeat' | 'delay' | 'reorder';
      readonly times: number;
    }
  /** The owner of a VM; `vm` null: the one that the call is about. */
  | {
      readonly act: 'start' | 'deallocate' | 'powerOff' | 'delete';
      readonly vm: string | null;
    }
  | { readonly act: 'attach' | 'detach'; readonly vm: string; readonly disk: string }
  | { readonly act: 'snapshot' | 'drop-snapshot'; readonly disk: string }
  | { readonly act: 'tag'; readonly target: string | null; readonly name: string; value: string }
  | { readonly act: 'untag'; readonly target: string | null; readonly name: string }
  /** The owner of the key behind the set of a region. */
  | {
      readonly act: 'disable-key' | 'enable-key' | 'revoke-grant' | 'give-grant';
      readonly region: Region;
    }
  | { readonly act: 'ask'; readonly target: string }
  /** All that wait for it. */
  | { readonly act: 'approve' }
  | { readonly act: 'stop' | 'resume'; readonly scope: string }
  | { readonly act: 'policy'; readonly policy: StoryPolicy | 'broken' }
  /** Kills the host; its state is kept or lost. At a call: before Azure takes it, or after. */
  | {
      readonly act: 'crash';
      readonly downMinutes: number;
      readonly state: 'kept' | 'lost';
      readonly call: 'sent' | 'unsent';
    }
  /** Kills the host right after its nth commit from now on. */
  | { readonly act: 'crash-at-commit'; readonly nth: number; readonly downMinutes: number }
  /** Ends the conversion of the VM that the call is about, as an operator can. */
  | { readonly act: 'terminate' }
  /** The same, as the genuine host does whose worker died in an episode. */
  | { readonly act: 'fail-instance' }
  /** From now on each run of an activity is delivered again, so much later. */
  | { readonly act: 'deliver-again'; readonly activity: string; readonly afterMinutes: number }
  /** The owner of the VM that the call is about switches it off, so much later. */
  | { readonly act: 'deallocate-later'; readonly minutes: number }
  | { readonly act: 'store-away'; readonly minutes: number }
  | { readonly act: 'no-capacity'; readonly minutes: number };

export interface Happening {
  readonly on: Moment;
  readonly acts: readonly Act[];
}

/** Everything that one seed stands for; plain JSON. */
export interface Story {
  readonly seed: number;
  readonly startsAt: string;
  readonly estate: EstateDescription;
  readonly policy: StoryPolicy;
  /** Whether events reach keyturn; else the sweep alone finds things. */
  readonly events: boolean;
  readonly sweepEveryMinutes: number;
  /** Durable timers fire up to a second early. */
  readonly timersFireEarly: boolean;
  /** When faults and owners stop. */
  readonly lastsMinutes: number;
  readonly happenings: readonly Happening[];
}
