import type { ExtentJudgement } from '../gate/judge-counts.ts';
import type { ConversionOutcome } from './conversion-outcome.ts';
import type { ConversionTarget } from './conversion-target.ts';
import type { Incomplete, PlannedScope } from './planned-scope.ts';

/** What became of one VM or disk of a request; more of it is in the outcome of its own instance. */
export interface TargetResult {
  readonly target: ConversionTarget;
  /** Null: it was stopped before it was started. */
  readonly instanceId: string | null;
  /** `crashed`: it ended without an outcome; `unknown`: nobody knows of it any more. */
  readonly outcome: { readonly kind: OutcomeKind | 'crashed' | 'unknown' };
}

/** How a person's request ended: the outcome of `convertScope`. */
export type RequestOutcome =
  | PlannedScope
  | {
      readonly kind: 'done' | 'stopped';
      readonly results: readonly TargetResult[];
      /** How many ended in which way, where the results are in the store; absent: they are here. */
      readonly counts?: Readonly<Record<string, number>>;
      /** What may be missing of it; absent: nothing. */
      readonly incomplete?: Incomplete;
    }
  | { readonly kind: 'unreadable'; readonly code: string }
  | { readonly kind: 'not-found'; readonly code: string; readonly message: string }
  | Extract<ExtentJudgement, { kind: 'too-many' }>;

/** How the start of a VM that was left off ended: the outcome of `restoreVm`. */
export type RestorationOutcome =
  | { readonly kind: 'left-off'; readonly code: string; readonly afterRefusal: boolean }
  | {
      readonly kind: 'restored';
      /** ARM's code of why the mark is still there, or null. */
      readonly markProblem: string | null;
      readonly afterRefusal: boolean;
    };

/** How any instance ended that people see. */
export type InstanceOutcome = ConversionOutcome | RequestOutcome | RestorationOutcome;

export type OutcomeKind = InstanceOutcome['kind'];

type Member = 'text' | 'flag' | 'list';

/** What an outcome of each kind must have to be read; what is not named here may be absent. */
const MEMBERS: { readonly [Kind in OutcomeKind]: Readonly<Record<string, Member>> } = {
  gone: {},
  'of-vm': { vmId: 'text' },
  skipped: { reason: 'text', skipped: 'list' },
  blocked: { verdicts: 'list', skipped: 'list' },
  reported: { mode: 'text', deallocate: 'flag', changes: 'list', verdicts: 'list' },
  deferred: { reason: 'text', detail: 'text', changes: 'list' },
  converted: { disks: 'list', skipped: 'list', deallocated: 'flag', vmLeftOff: 'flag' },
  failed: { disks: 'list', skipped: 'list', deallocated: 'flag', vmLeftOff: 'flag' },
  // Of a conversion, it has no results.
  stopped: {},
  planned: { results: 'list' },
  done: { results: 'list' },
  unreadable: { code: 'text' },
  'not-found': { code: 'text', message: 'text' },
  'too-many': { code: 'text', message: 'text' },
  'left-off': { code: 'text' },
  restored: {},
};

/**
 * Reads back what an instance returned, whichever release it was.
 *
 * Null: it ended without an outcome, or with one that this release does not know; that is never a
 * success.
 */
export function parseOutcome(output: unknown): InstanceOutcome | null {
  if (!isObject(output) || !isOutcomeKind(output['kind'])) return null;
  const members = Object.entries(MEMBERS[output['kind']]);
  const isWhole = members.every(([name, member]) => is(output[name], member));
  return isWhole ? (output as unknown as InstanceOutcome) : null;
}

export function isOutcomeKind(kind: unknown): kind is OutcomeKind {
  return typeof kind === 'string' && Object.hasOwn(MEMBERS, kind);
}

/** How people see that something ended. */
export type EndStatus = 'Succeeded' | 'Failed' | 'Canceled' | 'Deferred';

const STATUS: { readonly [Kind in TargetResult['outcome']['kind']]: EndStatus } = {
  gone: 'Succeeded',
  'of-vm': 'Succeeded',
  skipped: 'Succeeded',
  blocked: 'Succeeded',
  reported: 'Succeeded',
  converted: 'Succeeded',
  restored: 'Succeeded',
  planned: 'Succeeded',
  done: 'Succeeded',
  deferred: 'Deferred',
  stopped: 'Canceled',
  failed: 'Failed',
  'left-off': 'Failed',
  unreadable: 'Failed',
  'not-found': 'Failed',
  'too-many': 'Failed',
  crashed: 'Failed',
  unknown: 'Failed',
};

/** The status of an outcome: of a request, one failure makes it one. */
export function statusOfOutcome(outcome: InstanceOutcome | null): EndStatus {
  if (outcome === null) return 'Failed';
  // It was said, whatever it says.
  if (outcome.kind === 'planned') return 'Succeeded';
  const own = STATUS[outcome.kind];
  const kinds = own === 'Succeeded' && 'results' in outcome ? kindsOf(outcome) : [];
  const ofResults = kinds.map(statusOfKind);
  if (ofResults.includes('Failed')) return 'Failed';
  const isAllDeferred = kinds.length > 0 && ofResults.every((status) => status === 'Deferred');
  return isAllDeferred ? 'Deferred' : own;
}

/** Of a request about many its results are in the store, and only counted here. */
function kindsOf({
  results,
  counts,
}: {
  readonly results: readonly { readonly outcome: { readonly kind: string } }[];
  readonly counts?: Readonly<Record<string, number>>;
}): readonly string[] {
  return counts ? Object.keys(counts) : results.map(({ outcome }) => outcome.kind);
}

/** A kind that a later release made is no success either. */
function statusOfKind(kind: string): EndStatus {
  return Object.hasOwn(STATUS, kind) ? STATUS[kind as keyof typeof STATUS] : 'Failed';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function is(value: unknown, member: Member): boolean {
  switch (member) {
    case 'text':
      return typeof value === 'string';
    case 'flag':
      return typeof value === 'boolean';
    case 'list':
      return Array.isArray(value);
  }
}
