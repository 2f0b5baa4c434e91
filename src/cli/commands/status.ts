import { parseArgs } from 'node:util';
import { nameOf } from '../../domain/azure/arm-id.ts';
import { parseOutcome } from '../../domain/conversion/instance-outcome.ts';
import { parseProgress } from '../../domain/conversion/progress.ts';
import { describeStopScope } from '../../domain/turn/stop-scope.ts';
import type { ConversionView } from '../../functions/http/conversion-view.ts';
import type { SweepView } from '../../functions/http/get-sweep.ts';
import type { AppClient } from '../app/app-client.ts';
import { APP_OPTIONS, APP_OPTIONS_HELP, connectApp, outputFormat } from '../app/app-options.ts';
import { stopScopeOptionsFor } from '../app/stop-scope-options.ts';
import { EXIT } from '../exit-codes.ts';
import { describeView } from '../render/describe-outcome.ts';
import { table } from '../render/table.ts';
import { say, type Terminal, tell } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

export const STATUS_HELP = `keyturn status [ID]

Shows the conversions of the last 24 hours, or one, what is stopped, and when sweeps run.

${APP_OPTIONS_HELP}

Exit code 0: all well; 2: one failed; 3: one is blocked, or its VM does not start, and needs a
person.`;

/** Shows how conversions stand. */
export async function status(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: APP_OPTIONS,
    allowPositionals: true,
  });
  const format = outputFormat(values.output);
  const [id, ...more] = positionals;
  if (more.length > 0) throw new UsageError('Give one ID, or none for all.');
  const app = connectApp(values, terminal);
  for (const line of await standingStops(app)) say(terminal, line);
  if (id === undefined) say(terminal, sweepLine(await app.sweep()));
  const views = id === undefined ? await app.list() : [await app.get(id)];
  if (format === 'json') {
    tell(terminal, JSON.stringify(id === undefined ? views : views[0], null, 2));
  } else if (views.length === 0) {
    say(terminal, 'There were no conversions in the last 24 hours.');
  } else {
    tell(terminal, conversionTable(views));
  }
  return exitCodeOf(views);
}

/** Before all else: nothing is switched off while one stands. */
async function standingStops(app: AppClient): Promise<readonly string[]> {
  try {
    const stops = await app.stops();
    return stops.map(
      ({ scope, by, at, reason }) =>
        `STOPPED: ${describeStopScope(scope)}, by ${by} since ${at}: ${reason}. keyturn resume${stopScopeOptionsFor(scope)} takes it away.`,
    );
  } catch (error) {
    // The journal has them; conversions are shown without it.
    if (!(error instanceof UsageError) || !error.message.startsWith('JournalUnavailable'))
      throw error;
    return [`Whether something is stopped cannot be said. ${error.message}`];
  }
}

/** What the host makes of the schedule, and whether it does run. */
function sweepLine({ schedule, next, last }: SweepView): string {
  const times = next.length === 0 ? `by ${schedule}, in the host's time zone` : next.join(', ');
  return `Next sweeps: ${times}. The last: ${last ?? 'none is known'}.`;
}

function conversionTable(views: readonly ConversionView[]): string {
  return table(
    ['Target', 'Kind', 'Status', 'Result', 'Updated', 'Id'],
    views.map((view) => [
      nameOf(view.target),
      view.kind,
      statusOf(view),
      describeView(view),
      view.updatedAt,
      view.id,
    ]),
  );
}

/** What was asked for and not done did not succeed, though nothing failed. */
function statusOf({ status, outcome }: ConversionView): string {
  const kind = parseOutcome(outcome)?.kind ?? '';
  return status === 'Succeeded' ? (NOT_DONE[kind] ?? status) : status;
}

const NOT_DONE: Readonly<Record<string, string>> = {
  blocked: 'Blocked',
  gone: 'Gone',
  reported: 'Reported',
  skipped: 'Skipped',
};

/** Failed beats blocked beats clean. */
function exitCodeOf(views: readonly ConversionView[]): number {
  // A name that somebody mistyped failed for who asked, there and then.
  const named = views.filter(({ outcome }) => parseOutcome(outcome)?.kind !== 'not-found');
  if (named.some(({ status }) => status === 'Failed')) return EXIT.failed;
  const needsPerson = views.some(
    ({ outcome, progress }) =>
      parseOutcome(outcome)?.kind === 'blocked' || parseProgress(progress)?.problem !== undefined,
  );
  return needsPerson ? EXIT.findings : EXIT.clean;
}
