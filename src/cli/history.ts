import { parseArgs } from 'node:util';
import { nameOf } from '../domain/arm-id.ts';
import type { ConversionRecord } from '../domain/conversion-record.ts';
import { nameOfRequester } from '../domain/requester.ts';
import { historyCsv } from '../report/history-csv.ts';
import type { AppClient } from './app-client.ts';
import { APP_OPTIONS, APP_OPTIONS_HELP, connectApp, formatOf } from './app-options.ts';
import { EXIT } from './exit-codes.ts';
import { table } from './table.ts';
import { say, type Terminal, tell } from './terminal.ts';
import { UsageError } from './usage-error.ts';

export const HISTORY_HELP = `keyturn history

Shows what the journal holds of conversions, the newest first.

  --target ARM_ID     Only those of one VM or disk.
  --outcome KIND      Only those that ended so, e.g. converted, failed; or under-way.
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
    ['Target', 'Began', 'Outcome', 'Off for', 'Disks', 'Asked for by', 'Approved by'],
    records.map((record) => [
      nameOf(record.target),
      record.beganAt,
      record.outcome ?? 'under-way',
      record.downtimeMs === null ? '' : `${Math.round(record.downtimeMs / 1000)} s`,
      String(record.disks.length),
      nameOfRequester(record.requestedBy),
      record.approvedBy?.name ?? '',
    ]),
  );
}
