import type { ConversionOutcome } from '../../domain/conversion/conversion-outcome.ts';
import type { Progress } from '../../domain/conversion/progress.ts';
import type { ConversionView } from '../../functions/http/conversion-view.ts';
import { grouped } from './grouped.ts';

/** How a conversion stands, in a few words. */
export function describeView({ status, progress, outcome }: ConversionView): string {
  if (status !== 'Running') return describeOutcome(outcome);
  const { step = 'pending', problem, since } = (progress ?? {}) as Partial<Progress>;
  return problem === undefined ? step : `${step} since ${since}: ${problem}${offWhile(step)}`;
}

/** It is shown while the VM is off, and nothing but a start ends that. */
function offWhile(step: string): string {
  return step === 'starting' ? ', THE VM IS OFF' : '';
}

/** How a conversion ended, in a few words. */
export function describeOutcome(outcome: unknown): string {
  const results = resultsOf(outcome);
  if (results.length > 0) return `${kindOf(outcome)}: ${counts(results)}`;
  if (!isOutcome(outcome)) return kindOf(outcome);
  switch (outcome.kind) {
    case 'skipped':
      return `skipped: ${outcome.reason}`;
    case 'blocked':
      return `blocked: ${codes(outcome.verdicts)}`;
    case 'reported':
      return `would convert ${disks(outcome.changes.length)}${outcome.deallocate ? ', switching the VM off' : ''}`;
    case 'converted':
      return `converted ${disks(outcome.disks.length)}`;
    case 'failed':
      return `failed: ${reasons(outcome).join(', ')}`;
    case 'deferred':
      return `deferred: ${outcome.reason}${detailOf(outcome)}`;
    case 'of-vm':
      return `handed over to its VM`;
    default:
      return outcome.kind;
  }
}

/** Of a request: its VMs and disks. */
function resultsOf(outcome: unknown): readonly { readonly outcome: unknown }[] {
  const { results = [] } = (outcome ?? {}) as { results?: readonly { outcome: unknown }[] };
  return results;
}

function counts(results: readonly { readonly outcome: unknown }[]): string {
  const byKind = grouped(results, ({ outcome }) => kindOf(outcome));
  return [...byKind].map(([kind, alike]) => `${alike.length} ${kind}`).join(', ');
}

const KINDS = [
  'gone',
  'of-vm',
  'skipped',
  'blocked',
  'reported',
  'stopped',
  'deferred',
  'converted',
  'failed',
] as const;

function isOutcome(value: unknown): value is ConversionOutcome {
  const kind = kindOf(value);
  const whole = typeof value === 'object' && value !== null && Object.keys(value).length > 1;
  return whole && KINDS.some((known) => known === kind);
}

function kindOf(value: unknown): string {
  return typeof value === 'object' && value !== null && 'kind' in value
    ? String(value.kind)
    : 'crashed';
}

function reasons(outcome: Extract<ConversionOutcome, { kind: 'failed' | 'converted' }>): string[] {
  const ofDisks = outcome.disks.flatMap((disk) =>
    disk.kind === 'refused' ? [disk.code] : disk.kind === 'timed-out' ? ['timed-out'] : [],
  );
  const ofVm = outcome.vmProblem ? [outcome.vmProblem] : [];
  return [...new Set([...ofVm, ...ofDisks, ...(outcome.vmLeftOff ? ['VM IS LEFT OFF'] : [])])];
}

function detailOf({ untilMs, detail }: Extract<ConversionOutcome, { kind: 'deferred' }>): string {
  const until = untilMs === null ? '' : `, until ${new Date(untilMs).toISOString()}`;
  return `${until}${detail === '' ? '' : ` (${detail})`}`;
}

function codes(verdicts: readonly { readonly code: string }[]): string {
  return [...new Set(verdicts.map(({ code }) => code))].join(', ');
}

function disks(count: number): string {
  return `${count} ${count === 1 ? 'disk' : 'disks'}`;
}
