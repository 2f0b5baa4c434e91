import { parseArgs } from 'node:util';
import { nameOf, parseArmScope } from '../../domain/azure/arm-id.ts';
import type { ConversionRecord } from '../../domain/conversion/conversion-record.ts';
import { nameOfRequester } from '../../domain/people/requester.ts';
import { historyCsv } from '../../report/history-csv.ts';
import type { AppClient } from '../app/app-client.ts';
import { APP_OPTIONS, APP_OPTIONS_HELP, connectApp, formatOf } from '../app/app-options.ts';
import { EXIT } from '../exit-codes.ts';
import { table } from '../render/table.ts';
import { say, type Terminal, tell } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

/** How records end, and how those that have not ended are called. */
const OUTCOMES: readonly string[] = [
  'under-way',
  'converted',
  'failed',
  'deferred',
  'gone',
  'kept-waiting',
  'restored',
  'interrupted',
];

export const HISTORY_HELP = `keyturn history

Shows what the journal holds of conversions, the newest first.

  --target ARM_ID     Only those of one VM or disk.
  --outcome KIND      Only those that ended so: ${OUTCOMES.join(', ')}.
  --requested-by WHO  Only those that a person asked for, by name; or event, sweep, person.
  --since, --until    A date, or a date and time, e.g. 2026-03-01 or 2026-03-01T22:00:00Z.
  --top NUMBER        At most so many.                Default: 100
${APP_OPTIONS_HELP.replace('table or json.        ', 'table, json or csv.   ')}

CSV has a line for each disk.`;

/** The most that the app gives at once. */
const LARGEST_PAGE = 500;

/** Shows what the journal holds. */
export async function history(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...APP_OPTIONS,
      target: { type: 'string' },
      outcome: { type: 'string' },
      'requested-by': { type: 'string' },
      since: { type: 'string' },
      until: { type: 'string' },
      top: { type: 'string', default: '100' },
    },
  });
  const format = formatOf(values.output, ['table', 'json', 'csv']);
  const top = Number(values.top);
  if (!Number.isInteger(top) || top < 1) {
    throw new UsageError(`--top is "${values.top}"; it must be a number from 1 on.`);
  }
  const { target, outcome, since, until, 'requested-by': requestedBy } = values;
  const problem = problemOf(values);
  if (problem !== null) throw new UsageError(problem);
  const filter = Object.entries({ target, outcome, requestedBy, since, until }).flatMap(
    ([name, value]): [string, string][] => (value === undefined ? [] : [[name, value]]),
  );
  const records = await readPages(connectApp(values, terminal), filter, top);
  if (format === 'json') tell(terminal, JSON.stringify(records, null, 2));
  else if (format === 'csv') terminal.out.write(historyCsv(records));
  else if (records.length === 0) say(terminal, 'The journal holds no such conversion.');
  else tell(terminal, historyTable(records));
  return EXIT.clean;
}

/** A filter that nothing can fit would look like an empty journal. */
function problemOf(filter: {
  readonly target?: string;
  readonly outcome?: string;
  readonly since?: string;
  readonly until?: string;
}): string | null {
  const { target, outcome } = filter;
  if (target !== undefined && !/^(vm|disk)$/.test(parseArmScope(target)?.kind ?? '')) {
    return `--target is "${target}"; it must be the ARM ID of a VM or disk.`;
  }
  if (outcome !== undefined && !OUTCOMES.includes(outcome)) {
    return `--outcome is "${outcome}"; it must be one of ${OUTCOMES.join(', ')}.`;
  }
  for (const name of ['since', 'until'] as const) {
    const text = filter[name];
    if (text !== undefined && !isInstant(text)) {
      return `--${name} is "${text}"; it must be a date, or a date and time such as 2026-03-01T22:00:00Z.`;
    }
  }
  return null;
}

/** A date, or a date and time with its offset. */
function isInstant(text: string): boolean {
  const isWritten = /^\d{4}-\d\d-\d\d(T\S+(Z|[+-]\d\d:\d\d))?$/.test(text);
  return isWritten && !Number.isNaN(Date.parse(text));
}

async function readPages(
  app: AppClient,
  filter: readonly [string, string][],
  top: number,
): Promise<readonly ConversionRecord[]> {
  const records: ConversionRecord[] = [];
  let query: URLSearchParams | null = new URLSearchParams([...filter]);
  while (query !== null && records.length < top) {
    query.set('top', String(Math.min(top - records.length, LARGEST_PAGE)));
    const { value, nextLink } = await app.history(query);
    records.push(...value);
    query = nextLink === undefined ? null : new URL(nextLink).searchParams;
  }
  return records;
}

function historyTable(records: readonly ConversionRecord[]): string {
  return table(
    ['Target', 'Began', 'Outcome', 'Off for', 'Disks', 'Problems', 'Asked for by', 'Approved by'],
    records.map((record) => [
      nameOf(record.target),
      record.beganAt,
      record.outcome ?? 'under-way',
      record.downtimeMs === null ? '' : `${Math.round(record.downtimeMs / 1000)} s`,
      String(record.disks.length),
      problemsOf(record),
      nameOfRequester(record.requestedBy),
      record.approvedBy?.name ?? '',
    ]),
  );
}

/** Each disk that was refused, with ARM's code; where there is none, the steps of the VM that were. */
function problemsOf({ disks, steps, outcome }: ConversionRecord): string {
  const refused = disks
    .filter(({ code }) => code !== null)
    .map(({ id, code }) => [nameOf(id), code]);
  const failed = outcome === 'failed' ? steps.filter(({ code }) => code !== null) : [];
  const all = refused.length > 0 ? refused : failed.map(({ step, code }) => [step, code]);
  return [...new Set(all.map(([what, code]) => `${what}: ${code}`))].join(', ');
}
