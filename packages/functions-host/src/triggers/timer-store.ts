import type { StateFile } from '../state-file.ts';

/** What is remembered of a timer function. Times in ms since the epoch. */
export interface TimerRecord {
  readonly schedule: string;
  readonly lastAt: number | null;
  readonly nextAt: number;
  readonly updatedAt: number;
}

/** When timer functions ran last, so that a missed run is noticed after a restart. */
export class TimerStore {
  readonly #file: StateFile;

  constructor(file: StateFile) {
    this.#file = file;
  }

  get isOpen(): boolean {
    return this.#file.isOpen;
  }

  find(functionName: string): TimerRecord | null {
    const row = this.#file.one('SELECT * FROM timers WHERE function = ?', functionName);
    if (row === undefined) return null;
    return {
      schedule: String(row['schedule']),
      lastAt: row['last_at'] as number | null,
      nextAt: Number(row['next_at']),
      updatedAt: Number(row['updated_at']),
    };
  }

  put(functionName: string, timer: TimerRecord): void {
    this.#file.transaction(() =>
      this.#file.run(
        'INSERT OR REPLACE INTO timers VALUES (?, ?, ?, ?, ?)',
        functionName,
        timer.schedule,
        timer.lastAt,
        timer.nextAt,
        timer.updatedAt,
      ),
    );
  }
}
