import { parseArgs } from 'node:util';
import { APP_OPTIONS, APP_OPTIONS_HELP, connectApp, outputFormat } from '../app/app-options.ts';
import { PERSON_OPTIONS, PERSON_OPTIONS_HELP } from '../app/person-token.ts';
import { EXIT } from '../exit-codes.ts';
import { say, type Terminal, tell } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

export const APPROVE_HELP = `keyturn approve ID [--reject] [--reason TEXT]

Approves a conversion that waits for it, which then begins; see keyturn approvals.
Needs the app role keyturn.approve, or the state folder of an app on this machine.

  --reject            Says no instead.
  --reason TEXT       Is recorded.
  --plan DIGEST       Only if that is still what is to be done, as keyturn approvals -o json shows it.
${APP_OPTIONS_HELP}
${PERSON_OPTIONS_HELP}`;

/** Carries a person's word to an app. */
export async function approve(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      ...APP_OPTIONS,
      ...PERSON_OPTIONS,
      reject: { type: 'boolean', default: false },
      reason: { type: 'string' },
      plan: { type: 'string' },
    },
    allowPositionals: true,
  });
  const format = outputFormat(values.output);
  const [id, ...more] = positionals;
  if (id === undefined || more.length > 0) throw new UsageError('Give one ID of an approval.');
  const app = connectApp(values, terminal);
  const decided = await app.decide(id, {
    decision: values.reject ? 'reject' : 'approve',
    planDigest: values.plan ?? planOf(id, await app.approvals()),
    ...(values.reason === undefined ? {} : { reason: values.reason }),
  });
  if (format === 'json') tell(terminal, JSON.stringify(decided, null, 2));
  else say(terminal, `${decided.status}, by ${decided.decidedBy}: ${decided.target}`);
  return EXIT.clean;
}

function planOf(
  id: string,
  pending: readonly { readonly id: string; readonly planDigest: string }[],
): string {
  const found = pending.find((each) => each.id === id);
  if (found) return found.planDigest;
  throw new UsageError(`Nothing of the ID ${id} waits for an approval; see keyturn approvals.`);
}
