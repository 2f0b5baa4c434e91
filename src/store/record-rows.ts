import type { ConversionRecord } from '../domain/conversion/conversion-record.ts';
import { allRows } from './all-rows.ts';
import { rowKeyOf } from './row-key.ts';
import { fromText, toText } from './row-text.ts';
import type { Row, Table } from './table.ts';

/** Leaves room in a row for what else is in it. */
const LARGEST_TEXT = 300_000;

/**
 * The row of a record; a text too long for it is written into a partition of its own first.
 *
 * The partition is named after the text, so that the row, whether read before or after it is
 * replaced, finds the whole text that belongs to it.
 */
export async function writeRecord(
  table: Table,
  place: Pick<Row, 'partition' | 'row'>,
  record: ConversionRecord,
  properties: Row['properties'],
): Promise<Row> {
  const text = toText(record);
  if (text.length <= LARGEST_TEXT) return { ...place, properties: { ...properties, text } };
  const partition = `text-${rowKeyOf(text)}`;
  for (let at = 0; at < text.length; at += LARGEST_TEXT) {
    const piece = text.slice(at, at + LARGEST_TEXT);
    const row = String(at / LARGEST_TEXT).padStart(6, '0');
    await table.upsert({ partition, row, properties: { text: piece } });
  }
  return { ...place, properties: { ...properties, textIn: partition } };
}

export async function readRecord(table: Table, { properties }: Row): Promise<ConversionRecord> {
  const { text, textIn } = properties;
  if (!textIn) return fromText(text) as ConversionRecord;
  const pieces = await allRows(table, textIn);
  return fromText(pieces.map((piece) => piece.properties['text']).join('')) as ConversionRecord;
}
