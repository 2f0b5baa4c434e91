import { parseArgs } from 'node:util';
import { describeStopScope, EVERYTHING } from '../../domain/turn/stop-scope.ts';
import type { StopView } from '../../functions/http/stops.ts';
import { APP_OPTIONS, APP_OPTIONS_HELP, connectApp, outputFormat } from '../app/app-options.ts';
import { PERSON_OPTIONS, PERSON_OPTIONS_HELP } from '../app/person-token.ts';
import {
  STOP_SCOPE_OPTIONS,
  STOP_SCOPE_OPTIONS_HELP,
  stopScopeIn,
} from '../app/stop-scope-options.ts';
import { EXIT } from '../exit-codes.ts';
import { table } from '../render/table.ts';
import { say, type Terminal, tell } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

export const STOP_HELP = `keyturn stop --reason TEXT [--set ARM_ID | --subscription ID | --size SIZE --location REGION]
keyturn stop --list

Forbids every further deallocation, whatever is queued; VMs that are off are finished and started.
Any function key will do.

${STOP_SCOPE_OPTIONS_HELP}
  --list              Shows what is stopped, and stops nothing.
${APP_OPTIONS_HELP}
${PERSON_OPTIONS_HELP}`;

export const RESUME_HELP = `keyturn resume [--set ARM_ID | --subscription ID | --size SIZE --location REGION]

Takes a stop away; keyturn status tells with which options. Needs the app role keyturn.approve, or the state folder of an app on this machine.

${STOP_SCOPE_OPTIONS_HELP}
${APP_OPTIONS_HELP}
${PERSON_OPTIONS_HELP}`;

const OPTIONS = { ...APP_OPTIONS, ...PERSON_OPTIONS, ...STOP_SCOPE_OPTIONS } as const;

/** Stops every further deallocation, or those of one scope. */
export async function stop(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { ...OPTIONS, reason: { type: 'string' }, list: { type: 'boolean', default: false } },
  });
  const format = outputFormat(values.output);
  if (values.list) {
    if (values.reason !== undefined || stopScopeIn(values) !== EVERYTHING)
      throw new UsageError('Give --list alone.');
    tellStops(await connectApp(values, terminal).stops(), format, terminal, 'Nothing is stopped.');
    return EXIT.clean;
  }
  if (!values.reason) throw new UsageError('Give a --reason: it is what others will read.');
  const scope = stopScopeIn(values);
  const app = connectApp(values, terminal);
  tellStops(await app.setStop(scope, values.reason), format, terminal);
  return EXIT.clean;
}

/** Takes a stop away. */
export async function resume(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const format = outputFormat(values.output);
  const scope = stopScopeIn(values);
  const app = connectApp(values, terminal);
  tellStops(await app.clearStop(scope), format, terminal);
  return EXIT.clean;
}

function tellStops(
  stops: readonly StopView[],
  format: 'table' | 'json',
  terminal: Terminal,
  nothing = 'Nothing is stopped any more.',
): void {
  if (format === 'json') tell(terminal, JSON.stringify(stops, null, 2));
  else if (stops.length === 0) say(terminal, nothing);
  else {
    const rows = stops.map(({ scope, by, at, reason }) => [
      describeStopScope(scope),
      by,
      at,
      reason,
    ]);
    tell(terminal, table(['Stopped', 'By', 'Since', 'Reason'], rows));
  }
}
