import { parseArgs } from 'node:util';
import { nameOf } from '../../domain/azure/arm-id.ts';
import {
  type InstanceOutcome,
  parseOutcome,
  type TargetResult,
} from '../../domain/conversion/instance-outcome.ts';
import type { PlannedTarget } from '../../domain/conversion/planned-scope.ts';
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

type Results = readonly (TargetResult | PlannedTarget)[];

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
  const outcome = parseOutcome(ended.outcome);
  const missing = notFound(target, outcome);
  if (missing !== null) throw new UsageError(missing);
  const results = outcome !== null && 'results' in outcome ? outcome.results : [];
  if (format === 'json') tell(terminal, JSON.stringify(ended, null, 2));
  else if (results.length === 0) say(terminal, whyNothing(outcome));
  else await tellResults(results, app, terminal);
  if (outcome !== null && 'incomplete' in outcome) say(terminal, outcome.incomplete.message);
  return exitCodeOf(ended, results);
}

function whyNothing(outcome: InstanceOutcome | null): string {
  if (outcome?.kind === 'done' || outcome?.kind === 'planned') {
    return 'There is nothing to convert.';
  }
  const code = outcome !== null && 'code' in outcome ? outcome.code : outcome?.kind;
  const message = outcome !== null && 'message' in outcome ? outcome.message : '';
  return `It ended: ${code ?? 'failed'}. ${message}`.trim();
}

/** The results on stdout; on stderr what a person has to know about them. */
async function tellResults(results: Results, app: AppClient, terminal: Terminal): Promise<void> {
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
  const lines = results.flatMap(({ target }, place) => explainOutcome(target.id, outcomes[place]));
  for (const line of new Set(lines)) say(terminal, line);
}

const FAILED = new Set(['failed', 'crashed', 'left-off', 'unreadable', 'unknown']);

function exitCodeOf(view: ConversionView, results: Results): number {
  const kinds = results.map(({ outcome }) => outcome.kind);
  if (view.status !== 'Succeeded' && view.status !== 'Deferred') return EXIT.failed;
  if (kinds.some((kind) => FAILED.has(kind))) return EXIT.failed;
  return kinds.includes('blocked') ? EXIT.findings : EXIT.clean;
}
