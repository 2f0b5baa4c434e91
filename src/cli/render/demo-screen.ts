import { join } from 'node:path';
import type { Truth } from '@keyturn/azure-simulator/truth';
import { PLATFORM_KEY } from '../../domain/azure/disk.ts';
import type { ConversionView } from '../../functions/http/conversion-view.ts';
import { say, type Terminal } from '../terminal.ts';
import { type DemoRow, demoRow } from './demo-row.ts';
import { liveTable } from './live-table.ts';

interface Options {
  readonly folder: string;
  readonly speed: number;
  readonly startedMs: number;
  /** The last line: what a person can do. */
  readonly footer: string;
}

/** Shows the demo on a terminal, redrawn in place, or as a line per step where there is none. */
export class DemoScreen {
  readonly #terminal: Terminal;
  readonly #options: Options;
  readonly #shown = new Map<string, string>();
  #lines = 0;
  #size = '';

  constructor(terminal: Terminal, options: Options) {
    this.#terminal = terminal;
    this.#options = options;
    say(terminal, `The app's log: ${join(options.folder, 'app.log')}`);
    say(terminal, `To reach this Azure elsewhere: . ${join(options.folder, 'azure.env')}\n`);
  }

  draw(views: readonly ConversionView[], before: Truth, now: Truth): void {
    const conversions = views.filter(({ kind }) => kind !== 'request');
    const rows = conversions.map((view) => demoRow(view, Date.now(), this.#options.speed));
    if (this.#terminal.err.isTTY) this.#redraw(rows, before, now);
    else this.#sayChanges(rows);
  }

  close(): void {
    if (this.#terminal.err.isTTY) this.#terminal.err.write('\n');
  }

  #redraw(rows: readonly DemoRow[], before: Truth, now: Truth): void {
    const { err } = this.#terminal;
    const frame = {
      disks: now.disks.length,
      disksConverted: withCustomerKey(now) - withCustomerKey(before),
      disksToConvert: rows.reduce((sum, { disks }) => sum + disks, 0),
      vmsOff: now.vms.filter(
        ({ firstPowerState, powerState }) =>
          firstPowerState === 'running' && powerState !== 'running',
      ).length,
      seconds: (Date.now() - this.#options.startedMs) / 1000,
      footer: this.#options.footer,
    };
    const size = { width: err.columns || 80, height: err.rows || 24 };
    const lines = liveTable(rows, frame, size);
    err.write(`${this.#toFirstLine(size)}\u001b[J${lines.join('\n')}`);
    this.#lines = lines.length;
  }

  /** A terminal of another size has wrapped or dropped lines: their number tells nothing then. */
  #toFirstLine({ width, height }: { readonly width: number; readonly height: number }): string {
    const size = `${width}x${height}`;
    const isOther = this.#size !== '' && this.#size !== size;
    this.#size = size;
    if (isOther) return '\u001b[2J\u001b[H';
    return this.#lines > 1 ? `\r\u001b[${this.#lines - 1}A` : '\r';
  }

  #sayChanges(rows: readonly DemoRow[]): void {
    for (const { name, step } of rows) {
      if (this.#shown.get(name) !== step) say(this.#terminal, `${name}: ${step}`);
      this.#shown.set(name, step);
    }
  }
}

function withCustomerKey({ disks }: Truth): number {
  return disks.filter(({ encryptionType }) => encryptionType !== PLATFORM_KEY).length;
}
