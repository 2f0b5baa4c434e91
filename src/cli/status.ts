import { parseArgs } from 'node:util';
import { nameOf } from '../domain/arm-id.ts';
import type { ConversionView } from '../functions/conversion-view.ts';
import { APP_OPTIONS, APP_OPTIONS_HELP, connectApp, outputFormat } from './app-options.ts';
import { describeView } from './describe-outcome.ts';
import { EXIT } from './exit-codes.ts';
import { table } from './table.ts';
import { say, type Terminal, tell } from './terminal.ts';
import { UsageError } from './usage-error.ts';

export const STATUS_HELP = `keyturn status [ID]

Shows the conversions of the last 24 hours, or one.

${APP_OPTIONS_HELP}

Exit code 0: all well; 2: one failed; 3: one is blocked and needs a person.`;

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

function conversionTable(views: readonly ConversionView[]): string {
  return table(
    ['Target', 'Kind', 'Status', 'Result', 'Updated', 'Id'],
    views.map((view) => [
      nameOf(view.target),
      view.kind,
      view.status,
      describeView(view),
      view.updatedAt,
      view.id,
    ]),
  );
}

/** Failed beats blocked beats clean. */
function exitCodeOf(views: readonly ConversionView[]): number {
  if (views.some((view) => view.status === 'Failed')) return EXIT.failed;
  const blocked = views.some(({ outcome }) => describeOutcomeKind(outcome) === 'blocked');
  return blocked ? EXIT.findings : EXIT.clean;
}

function describeOutcomeKind(outcome: unknown): unknown {
  return (outcome as { readonly kind?: unknown } | null)?.kind;
}
