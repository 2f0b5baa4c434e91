import { nameOf } from '../../domain/azure/arm-id.ts';
import type { DeferredPlan, PlannedOutcome } from '../../domain/conversion/describe-planned.ts';
import type { Forecasts } from '../../domain/conversion/forecast.ts';
import type { PlannedScope, PlannedTarget } from '../../domain/conversion/planned-scope.ts';
import type { Verdict } from '../../domain/gate/verdict.ts';
import { describeOutcome } from './describe-outcome.ts';
import { REPORT_MODE } from './explain-outcome.ts';
import { grouped } from './grouped.ts';
import { table } from './table.ts';

const PLAN = ['Order', 'Target', 'Plan', 'Off for', 'Begins'];
const VERDICTS = ['Target', 'Answer', 'Code', 'Found', 'What to do'];

/** A plan for a terminal: what is done, in its order, then what was found, then when it ends. */
export function planTables(plan: PlannedScope): string {
  const { results, finish } = plan;
  if (results.length === 0)
    return ['There is nothing to convert.', ...noticesOf(plan)].join('\n\n');
  const verdicts = summaryOf(verdictsOf(results));
  return [
    table(PLAN, results.map(planRow)),
    ...(verdicts.length > 0 ? [table(VERDICTS, verdicts)] : []),
    ...endingOf(results, finish),
    ...noticesOf(plan),
  ].join('\n\n');
}

/** The same as Markdown, with links to the pages that the checks rest on. */
export function planMarkdown(target: string, plan: PlannedScope): string {
  const { results, finish } = plan;
  const verdicts = verdictsOf(results).map((verdict) => {
    const [name = '', answer = '', code = '', ...rest] = verdictRow(verdict);
    return [name, answer, `[${code}](${verdict.docs})`, ...rest];
  });
  return [
    `# Plan for ${target}`,
    ...(results.length > 0 ? [markdownTable(PLAN, results.map(planRow))] : []),
    ...(verdicts.length > 0 ? ['## What was found', markdownTable(VERDICTS, verdicts)] : []),
    ...endingOf(results, finish),
    ...noticesOf(plan),
  ].join('\n\n');
}

function planRow({ target, outcome, forecast }: PlannedTarget): readonly string[] {
  const isConverted = forecast !== null;
  return [
    isConverted ? String(forecast.order) : '',
    nameOf(target.id),
    planOf(outcome),
    forecast?.downtime
      ? `${seconds(forecast.downtime.lowMs)}-${seconds(forecast.downtime.highMs)} s`
      : '',
    beginningOf(outcome, forecast),
  ];
}

/** What is to be done comes first, also where it is not done now. */
function planOf(outcome: PlannedOutcome): string {
  return describeOutcome(isDeferredPlan(outcome) ? { ...outcome, kind: 'reported' } : outcome);
}

/** Of what waits to be judged, nothing more is known than why. */
function isDeferredPlan(outcome: PlannedOutcome): outcome is DeferredPlan {
  return outcome.kind === 'deferred' && 'deallocate' in outcome;
}

function beginningOf(outcome: PlannedOutcome, forecast: PlannedTarget['forecast']): string {
  const beginsAtMs = forecast?.beginsAtMs ?? null;
  const begins = beginsAtMs === null ? [] : [timeOf(beginsAtMs)];
  if (!isDeferredPlan(outcome)) return begins[0] ?? waitOf(forecast);
  const { reason, untilMs, detail } = outcome;
  const until = untilMs === null || beginsAtMs !== null ? [] : [`until ${timeOf(untilMs)}`];
  return [...begins, reason, ...until, ...(detail === '' ? [] : [`(${detail})`])].join(' ');
}

/** Under the mode report, where nothing is deferred. */
function waitOf(forecast: PlannedTarget['forecast']): string {
  const { waitsFor, detail } = forecast ?? {};
  return detail === undefined ? (waitsFor ?? '') : `${waitsFor}: ${detail}`;
}

function verdictRow({ target, answer, code, message, fix }: Verdict): readonly string[] {
  return [nameOf(target), answer, code, message, fix];
}

const BLOCKING = new Set<Verdict['answer']>(['blocked', 'unreadable']);

/** What stands in the way in full; of what does not, each check once with how often it is said. */
function summaryOf(verdicts: readonly Verdict[]): readonly (readonly string[])[] {
  const others = grouped(
    verdicts.filter(({ answer }) => !BLOCKING.has(answer)),
    ({ answer, code }) => `${answer} ${code}`,
  );
  return [
    ...verdicts.filter(({ answer }) => BLOCKING.has(answer)).map(verdictRow),
    ...[...others.values()].flatMap(summaryRow),
  ];
}

function summaryRow(alike: readonly Verdict[]): readonly (readonly string[])[] {
  const [first] = alike;
  if (first === undefined) return [];
  const [name = '', ...rest] = verdictRow(first);
  return [[alike.length === 1 ? name : `${name} and ${alike.length - 1} more`, ...rest]];
}

/** Each once: disks share their set and their key. What stands in the way comes first. */
function verdictsOf(results: readonly PlannedTarget[]): readonly Verdict[] {
  const all = results.flatMap(({ outcome }) => ('verdicts' in outcome ? outcome.verdicts : []));
  const once = [...new Map(all.map((each) => [`${each.code} ${each.target}`, each])).values()];
  return once.toSorted((a, b) => Number(BLOCKING.has(b.answer)) - Number(BLOCKING.has(a.answer)));
}

function endingOf(
  results: readonly PlannedTarget[],
  finish: Forecasts['finish'],
): readonly string[] {
  const isReport = results.some(
    ({ outcome }) => outcome.kind === 'reported' && outcome.mode === 'report',
  );
  return [finishLine(finish), ...(isReport ? [REPORT_MODE] : [])];
}

/** What is to be known of the plan as a whole. */
function noticesOf({ tooMany, incomplete }: PlannedScope): readonly string[] {
  return [
    ...(incomplete ? [incomplete.message] : []),
    ...(tooMany ? [`NOTHING WOULD BE DONE: ${tooMany.code}: ${tooMany.message}`] : []),
  ];
}

function finishLine(finish: Forecasts['finish']): string {
  if (finish === null) return 'Nothing begins by itself.';
  const { earliestMs, latestMs } = finish;
  return `If nothing fails, it ends between ${timeOf(earliestMs)} and ${timeOf(latestMs)}.`;
}

function markdownTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(markdownCell).join(' | ')} |`;
  return [line(headings), line(headings.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Names and texts of Azure's must not break the table. */
function markdownCell(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
}

function seconds(ms: number): number {
  return Math.round(ms / 1000);
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
