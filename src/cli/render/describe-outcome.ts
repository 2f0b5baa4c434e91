import type { ConversionOutcome } from '../../domain/conversion/conversion-outcome.ts';
import { isOutcomeKind, parseOutcome } from '../../domain/conversion/instance-outcome.ts';
import { parseProgress, parseRequestProgress } from '../../domain/conversion/progress.ts';
import type { ConversionView } from '../../functions/http/conversion-view.ts';
import { grouped } from './grouped.ts';

/** How a conversion stands, in a few words. */
export function describeView({ status, progress, outcome }: ConversionView): string {
  if (status !== 'Running') return describeOutcome(outcome);
  const shown = parseProgress(progress);
  if (shown === null) return parseRequestProgress(progress)?.step ?? 'pending';
  const { step, problem, since } = shown;
  return problem === undefined ? step : `${step} since ${since}: ${problem}${offWhile(step)}`;
}

/** It is shown while the VM is off, and nothing but a start ends that. */
function offWhile(step: string): string {
  return step === 'starting' ? ', THE VM IS OFF' : '';
}

/** How a conversion ended, in a few words. */
export function describeOutcome(output: unknown): string {
  const outcome = parseOutcome(output);
  if (outcome === null) return kindOf(output);
  if ('results' in outcome && outcome.results.length > 0) {
    return `${outcome.kind}: ${counts(outcome.results)}`;
  }
  if ('counts' in outcome && outcome.counts) return `${outcome.kind}: ${countsOf(outcome.counts)}`;
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

function countsOf(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(', ');
}

/** Of a request: its VMs and disks. */
function counts(results: readonly { readonly outcome: { readonly kind: string } }[]): string {
  const byKind = grouped(results, ({ outcome }) => outcome.kind);
  return [...byKind].map(([kind, alike]) => `${alike.length} ${kind}`).join(', ');
}

/** Of what is known by its kind alone, as the results of a request are. */
function kindOf(output: unknown): string {
  if (typeof output !== 'object' || output === null || !('kind' in output)) return 'crashed';
  const kind = String(output.kind);
  return isOutcomeKind(kind) || kind === 'crashed' ? kind : `unknown outcome ${kind}`;
}

function reasons(outcome: Extract<ConversionOutcome, { kind: 'failed' | 'converted' }>): string[] {
  const ofDisks = outcome.disks.flatMap((disk) =>
    disk.kind === 'refused' ? [disk.code] : disk.kind === 'timed-out' ? ['timed-out'] : [],
  );
  const at = outcome.vmProblemAt === 'mark' ? ' at the mark, the VM was not touched' : '';
  const ofVm = outcome.vmProblem ? [`${outcome.vmProblem}${at}`] : [];
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
