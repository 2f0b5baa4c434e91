import { parseArgs } from 'node:util';
import { parseOutcome } from '../../domain/conversion/instance-outcome.ts';
import { APP_OPTIONS, APP_OPTIONS_HELP, connectApp, formatOf } from '../app/app-options.ts';
import { convertTarget, TARGET_OPTIONS, TARGET_OPTIONS_HELP } from '../app/convert-target.ts';
import { notFound } from '../app/not-found.ts';
import { PERSON_OPTIONS, PERSON_OPTIONS_HELP } from '../app/person-token.ts';
import { waitForRequest } from '../app/wait-for-request.ts';
import { EXIT } from '../exit-codes.ts';
import { planMarkdown, planTables } from '../render/plan-tables.ts';
import { say, type Terminal, tell } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

export const PLAN_HELP = `keyturn plan --subscription ID [--resource-group NAME] [--vm NAME | --disk NAME]
keyturn plan --ids ARM_ID

Says what would be converted, in which order, how long VMs would be off, until when, and what stands
in the way. Does nothing.

${TARGET_OPTIONS_HELP}
${APP_OPTIONS_HELP.replace('table or json.       ', 'table, json or markdown.')}
${PERSON_OPTIONS_HELP}

Exit code 0: all well; 1: there is no such target; 2: it could not be said; 3: something is blocked, or all is too
much at once, and needs a person.`;

/** Asks an app what it would do. */
export async function plan(args: readonly string[], terminal: Terminal): Promise<number> {
  const options = { ...APP_OPTIONS, ...PERSON_OPTIONS, ...TARGET_OPTIONS };
  const { values } = parseArgs({ args: [...args], options });
  const format = formatOf(values.output, ['table', 'json', 'markdown']);
  const target = convertTarget(values);
  const app = connectApp(values, terminal);
  const asked = await app.post(target, true);
  const ended = await waitForRequest(app, asked.id, terminal);
  if (ended === null) return EXIT.clean;
  const outcome = parseOutcome(ended.outcome);
  const missing = notFound(target, outcome);
  if (missing !== null) throw new UsageError(missing);
  if (outcome?.kind !== 'planned') {
    const code = outcome !== null && 'code' in outcome ? outcome.code : outcome?.kind;
    say(terminal, `It ended: ${code ?? 'failed'}.`);
    return EXIT.failed;
  }
  if (format === 'json') tell(terminal, JSON.stringify({ target, ...outcome }, null, 2));
  else tell(terminal, format === 'markdown' ? planMarkdown(target, outcome) : planTables(outcome));
  const isBlocked = outcome.results.some((result) => result.outcome.kind === 'blocked');
  return isBlocked || outcome.tooMany ? EXIT.findings : EXIT.clean;
}
