import { parseArgs } from 'node:util';
import { nameOf } from '../../domain/azure/arm-id.ts';
import type { ApprovalView } from '../../functions/http/approval-view.ts';
import { APP_OPTIONS, APP_OPTIONS_HELP, connectApp, outputFormat } from '../app/app-options.ts';
import { EXIT } from '../exit-codes.ts';
import { table } from '../render/table.ts';
import { say, type Terminal, tell } from '../terminal.ts';

export const APPROVALS_HELP = `keyturn approvals

Shows the conversions that wait for a person's approval.

${APP_OPTIONS_HELP}`;

/** Shows what waits for an approval. */
export async function approvals(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: APP_OPTIONS });
  const format = outputFormat(values.output);
  const found = await connectApp(values, terminal).approvals();
  if (format === 'json') tell(terminal, JSON.stringify(found, null, 2));
  else if (found.length === 0) say(terminal, 'Nothing waits for an approval.');
  else tell(terminal, approvalTable(found));
  return EXIT.clean;
}

function approvalTable(found: readonly ApprovalView[]): string {
  return table(
    ['Target', 'Asked for by', 'Asked at', 'Until', 'Id'],
    found.map(({ id, target, requestedBy, requestedAt, deadline }) => [
      nameOf(target),
      requestedBy,
      requestedAt,
      deadline,
      id,
    ]),
  );
}
