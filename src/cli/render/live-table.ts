import type { DemoRow } from './demo-row.ts';

const BAR_WIDTH = 20;
/** What the other columns take, with a usual last one. */
const BESIDE_NAME = 70;

/** What stands above and below the rows. */
export interface LiveTableFrame {
  /** All, also those that are left alone. */
  readonly disks: number;
  readonly disksConverted: number;
  readonly disksToConvert: number;
  readonly vmsOff: number;
  readonly seconds: number;
  readonly footer: string;
}

const ORDER: readonly DemoRow['state'][] = ['running', 'failed', 'converted', 'left alone'];

/**
 * Draws the live table, at most `height` lines of at most `width` characters: what runs first, what
 * was left alone last.
 */
export function liveTable(
  rows: readonly DemoRow[],
  frame: LiveTableFrame,
  { width, height }: { readonly width: number; readonly height: number },
): readonly string[] {
  const running = rows.filter(({ state }) => state === 'running');
  const sorted = ORDER.flatMap((state) => rows.filter((row) => row.state === state));
  // What stands around the rows: four lines, and a fifth that counts what has no room.
  const room = Math.max(rows.length <= height - 4 ? height - 4 : height - 5, 0);
  const shown = sorted.slice(0, room);
  const hidden = rows.length - shown.length;
  const widest = Math.max(28, width - BESIDE_NAME);
  const nameWidth = Math.max(4, ...shown.map(({ name }) => Math.min(name.length, widest)));
  const { disks, disksConverted, disksToConvert, vmsOff, seconds, footer } = frame;
  const left = Math.max(0, ...running.map(({ secondsLeft }) => secondsLeft ?? 0));
  const time = running.length > 0 ? `about ${Math.ceil(left)} s left` : 'nothing under way';
  return [
    `${disksConverted} of ${disksToConvert} disks to convert done, ${disks} in all, ${vmsOff} ${vmsOff === 1 ? 'VM' : 'VMs'} off, ${Math.round(seconds)} s, ${time}`,
    '',
    `${'Name'.padEnd(nameWidth)}  ${'Disks'}  ${'Progress'.padEnd(BAR_WIDTH)}  ${'Left'.padStart(5)}  Step`,
    ...shown.map((row) => line(row, nameWidth)),
    ...(hidden > 0 ? [`… and ${hidden} more`] : []),
    footer,
  ]
    .map((text) => text.slice(0, Math.max(width, 0)))
    .slice(0, Math.max(height, 1));
}

function line(row: DemoRow, nameWidth: number): string {
  const isWhole = row.name.length <= nameWidth;
  const name = isWhole ? row.name.padEnd(nameWidth) : `${row.name.slice(0, nameWidth - 1)}…`;
  const disks = (row.disks > 0 ? String(row.disks) : '').padStart(5);
  const left = row.secondsLeft === null ? '' : `${Math.ceil(row.secondsLeft)} s`;
  return `${name}  ${disks}  ${row.state === 'left alone' ? ' '.repeat(BAR_WIDTH) : bar(row.done)}  ${left.padStart(5)}  ${row.step}`;
}

function bar(done: number): string {
  const full = Math.round(Math.min(Math.max(done, 0), 1) * BAR_WIDTH);
  return '█'.repeat(full) + '░'.repeat(BAR_WIDTH - full);
}
