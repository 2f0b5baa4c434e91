import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import type { Condition } from '@keyturn/azure-simulator/conditions';
import { FAULT_KINDS } from '@keyturn/azure-simulator/fault-request';
import type { WaitingFault } from '@keyturn/azure-simulator/faults';
import { outputFormat } from '../app/app-options.ts';
import { EXIT } from '../exit-codes.ts';
import { table } from '../render/table.ts';
import { askSimulator } from '../simulating/simulator-client.ts';
import { say, type Terminal, tell } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

export const FAULT_HELP = `keyturn fault add KIND --path EXPRESSION [--method METHOD] [--times N] …
keyturn fault add no-capacity | subscription-state …
keyturn fault list [--output json]
keyturn fault clear

Orders a misfortune of the running simulated Azure. Each waits for the next call, or event, that
matches; list shows those that still wait.

  refuse          --status 409 --code CODE --message TEXT
                  --status 502 --body TEXT [--content-type TYPE]   The text as it is, also ''
  throttle        --retry-after SECONDS
  delay           --delay-ms N
  drop            --when before|after        Azure took the request
  fail-operation  --code CODE --message TEXT [--leaves nothing|effect]
  leave-out       --ids EXPRESSION           Resource Graph does not show what has such an ID
  lose-event      repeat-event [--copies 2]  delay-event --delay-ms N  reorder-event

Two last until fault clear, and have no path:

  no-capacity         --size SIZE [--location REGION [--zone N]]     No VM of it starts any more
  subscription-state  --subscription ID --state Disabled             Or Warned, PastDue, Deleted

  --path EXPRESSION   A regular expression: on the path of a call, or on "TYPE SUBJECT" of an event.
  --method METHOD     Of a call; any when absent.
  --times N           How many it hits.                 Default: 1
  --output, -o        table or json.                    Default: table

It finds the simulated Azure through the environment that keyturn simulate prints.`;

const OPTIONS = {
  path: { type: 'string' },
  method: { type: 'string' },
  times: { type: 'string' },
  status: { type: 'string' },
  code: { type: 'string' },
  message: { type: 'string' },
  body: { type: 'string' },
  'content-type': { type: 'string' },
  'retry-after': { type: 'string' },
  'delay-ms': { type: 'string' },
  when: { type: 'string' },
  leaves: { type: 'string' },
  ids: { type: 'string' },
  copies: { type: 'string' },
  size: { type: 'string' },
  location: { type: 'string' },
  zone: { type: 'string' },
  subscription: { type: 'string' },
  state: { type: 'string' },
  output: { type: 'string', short: 'o', default: 'table' },
} as const satisfies ParseArgsOptionsConfig;

/** Names of options as the fields of a fault. */
const FIELDS: Readonly<Record<string, string>> = {
  'retry-after': 'retryAfterS',
  'delay-ms': 'delayMs',
  'content-type': 'contentType',
};
/** What waits for no call. */
const LASTING: ReadonlySet<string> = new Set(['no-capacity', 'subscription-state']);

type Ordered = WaitingFault | Condition;

const NUMBERS = new Set(['times', 'status', 'retry-after', 'delay-ms', 'copies']);

/** Adds, lists or clears the faults of a running simulated Azure. */
export async function fault(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: OPTIONS,
    allowPositionals: true,
  });
  const { output, ...options } = values;
  const format = outputFormat(output);
  const [action, kind, ...more] = positionals;
  if (more.length > 0 || (kind !== undefined && action !== 'add')) {
    throw new UsageError(`"${more[0] ?? kind}" is too much.`);
  }
  if (action === 'add') {
    if (kind === undefined) throw new UsageError(`Name a kind: ${FAULT_KINDS.join(', ')}.`);
    await askSimulator(terminal, 'POST', '/faults', faultOf(kind, options));
    say(
      terminal,
      LASTING.has(kind)
        ? 'It lasts until keyturn fault clear.'
        : 'It waits for the next call, or event, that matches.',
    );
    return EXIT.clean;
  }
  if (action !== 'list' && action !== 'clear') {
    throw new UsageError('Say what to do: add, list or clear.');
  }
  const [stray] = Object.keys(options);
  if (stray) throw new UsageError(`--${stray} is for keyturn fault add.`);
  if (action === 'clear') {
    await askSimulator(terminal, 'DELETE', '/faults');
    say(terminal, 'No fault waits any more.');
  } else show((await askSimulator(terminal, 'GET', '/faults')) as readonly Ordered[]);
  return EXIT.clean;

  function show(faults: readonly Ordered[]): void {
    if (format === 'json') tell(terminal, JSON.stringify(faults, null, 2));
    else if (faults.length === 0) say(terminal, 'No fault waits.');
    else tell(terminal, faultTable(faults));
  }
}

function faultOf(kind: string, options: Readonly<Record<string, string>>): object {
  const fields = Object.entries(options).map(([name, text]) => [
    FIELDS[name] ?? name,
    // What is no number is named by the simulated Azure, with the rest.
    NUMBERS.has(name) && text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text,
  ]);
  return { kind, ...Object.fromEntries(fields) };
}

function faultTable(faults: readonly Ordered[]): string {
  return table(['Kind', 'Method', 'Path', 'Left'], faults.map(rowOf));
}

function rowOf(fault: Ordered): readonly string[] {
  if ('path' in fault) {
    const { kind, method, path, left } = fault;
    return [kind, method ?? 'any', path, String(left)];
  }
  const { kind, ...about } = fault;
  return [kind, '', Object.values(about).join(' '), 'until cleared'];
}
