import { parseArgs } from 'node:util';
import { nameOf } from '../../domain/azure/arm-id.ts';
import type { ConversionOutcome } from '../../domain/conversion/conversion-outcome.ts';
import type { ConversionView } from '../../functions/http/conversion-view.ts';
import type { AppClient } from '../app/app-client.ts';
import { APP_OPTIONS, APP_OPTIONS_HELP, connectApp, outputFormat } from '../app/app-options.ts';
import { convertTarget, TARGET_OPTIONS, TARGET_OPTIONS_HELP } from '../app/convert-target.ts';
import { notFound } from '../app/not-found.ts';
import { PERSON_OPTIONS, PERSON_OPTIONS_HELP } from '../app/person-token.ts';
import { waitForRequest } from '../app/wait-for-request.ts';
import { EXIT } from '../exit-codes.ts';
import { describeOutcome } from '../render/describe-outcome.ts';
import { explainOutcome } from '../render/explain-outcome.ts';
import { table } from '../render/table.ts';
import { say, type Terminal, tell } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

export const CONVERT_HELP = `keyturn convert --subscription ID [--resource-group NAME] [--vm NAME | --disk NAME]
keyturn convert --ids ARM_ID

Converts a disk, a VM, a resource group or a subscription, as far as the policy allows, and waits.

${TARGET_OPTIONS_HELP}
  --dry-run           Says what would be done, and does nothing; keyturn plan says more.
  --no-wait           Returns when it is under way.
${APP_OPTIONS_HELP}
${PERSON_OPTIONS_HELP}

A real conversion needs the app role keyturn.convert or keyturn.approve, or the state folder of an
app on this machine; for a dry run, any function key will do.

Exit code 0: done, or deferred, or only reported, which it says then; 1: there is no such target;
2: some of it failed; 3: some of it is blocked and needs a person.
Ctrl-C stops waiting, not the conversion.`;

interface Result {
  readonly target: { readonly id: string };
  /** The conversion of its own that the target has; null in a dry run. */
  readonly instanceId: string | null;
  readonly outcome: { readonly kind: string };
}

/** Asks an app to convert something, and waits for it. */
export async function convert(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...APP_OPTIONS,
      ...PERSON_OPTIONS,
      ...TARGET_OPTIONS,
      'dry-run': { type: 'boolean', default: false },
      'no-wait': { type: 'boolean', default: false },
    },
  });
  const format = outputFormat(values.output);
  const target = convertTarget(values);
  const app = connectApp(values, terminal);
  const asked = await app.post(target, values['dry-run']);
  say(terminal, `${asked.id} is under way.`);
  if (values['no-wait']) {
    tell(terminal, format === 'json' ? JSON.stringify(asked, null, 2) : asked.id);
    return EXIT.clean;
  }
  const ended = await waitForRequest(app, asked.id, terminal);
  if (ended === null) {
    say(terminal, `It goes on; see keyturn status ${asked.id}.`);
    return EXIT.clean;
  }
  const missing = notFound(target, ended.outcome);
  if (missing !== null) throw new UsageError(missing);
  const { results = [] } = (ended.outcome ?? {}) as { readonly results?: readonly Result[] };
  if (format === 'json') tell(terminal, JSON.stringify(ended, null, 2));
  else await tellResults(ended, results, app, terminal);
  return exitCodeOf(ended, results);
}

/** The results on stdout; on stderr what a person has to know about them. */
async function tellResults(
  ended: ConversionView,
  results: readonly Result[],
  app: AppClient,
  terminal: Terminal,
): Promise<void> {
  if (results.length === 0) {
    const { kind, code, message } = (ended.outcome ?? {}) as Record<string, string | undefined>;
    const isDone = kind === 'done' || kind === 'planned';
    const why = `It ended: ${code ?? kind ?? 'failed'}. ${message ?? ''}`;
    say(terminal, isDone ? 'There is nothing to convert.' : why.trim());
    return;
  }
  const outcomes = await Promise.all(
    results.map(async ({ instanceId, outcome }) =>
      instanceId === null ? outcome : ((await app.get(instanceId)).outcome ?? outcome),
    ),
  );
  const rows = results.map(({ target }, place) => [
    nameOf(target.id),
    describeOutcome(outcomes[place]),
  ]);
  tell(terminal, table(['Target', 'Result'], rows));
  const lines = results.flatMap(({ target }, place) =>
    explainOutcome(target.id, outcomes[place] as ConversionOutcome),
  );
  for (const line of new Set(lines)) say(terminal, line);
}

const FAILED = new Set(['failed', 'crashed', 'left-off', 'unreadable', 'unknown']);

function exitCodeOf(view: ConversionView, results: readonly Result[]): number {
  const kinds = results.map(({ outcome }) => outcome.kind);
  if (view.status !== 'Succeeded' && view.status !== 'Deferred') return EXIT.failed;
  if (kinds.some((kind) => FAILED.has(kind))) return EXIT.failed;
  return kinds.includes('blocked') ? EXIT.findings : EXIT.clean;
}
