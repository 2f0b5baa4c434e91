import type { ConversionRecord, RecordedDisk } from '../domain/conversion/conversion-record.ts';
import { nameOfRequester } from '../domain/people/requester.ts';

type Column = readonly [
  heading: string,
  cell: (record: ConversionRecord, disk: RecordedDisk | null) => string | number | null,
];

const COLUMNS: readonly Column[] = [
  ['id', ({ id }) => id],
  ['target', ({ target }) => target],
  ['beganAt', ({ beganAt }) => beganAt],
  ['endedAt', ({ endedAt }) => endedAt],
  ['outcome', ({ outcome }) => outcome ?? 'under-way'],
  ['requestedBy', ({ requestedBy }) => nameOfRequester(requestedBy)],
  ['approvedBy', ({ approvedBy }) => approvedBy?.name ?? null],
  ['powerBefore', ({ power }) => power.before],
  ['powerAfter', ({ power }) => power.after],
  ['downtimeSeconds', ({ downtimeMs }) => (downtimeMs === null ? null : downtimeMs / 1000)],
  ['disk', (_, disk) => disk?.id ?? null],
  ['diskOutcome', (_, disk) => disk?.outcome ?? null],
  ['code', (_, disk) => disk?.code ?? null],
  ['encryptionBefore', (_, disk) => disk?.before.type ?? null],
  ['setBefore', (_, disk) => disk?.before.setId ?? null],
  ['encryptionAfter', (_, disk) => disk?.after?.type ?? null],
  ['setAfter', (_, disk) => disk?.after?.setId ?? null],
];

/** Records as CSV, a line for each disk. Source of the format: RFC 4180. */
export function historyCsv(records: readonly ConversionRecord[]): string {
  const lines = records.flatMap((record) => {
    const disks = record.disks.length > 0 ? record.disks : [null];
    return disks.map((disk) => COLUMNS.map(([, cell]) => cell(record, disk)));
  });
  return [COLUMNS.map(([heading]) => heading), ...lines]
    .map((line) => `${line.map(cellOf).join(',')}\r\n`)
    .join('');
}

/**
 * A spreadsheet takes a cell that begins so for a formula, and runs it: names come from tenants.
 *
 * Source: OWASP, "CSV Injection".
 */
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/;

function cellOf(value: string | number | null): string {
  const text = String(value ?? '');
  const isFormula = FORMULA.test(text);
  const safe = isFormula ? `'${text}` : text;
  return isFormula || /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
