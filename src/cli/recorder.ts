import { createWriteStream } from 'node:fs';

/** Writes each exchange as one line of JSON. */
export interface Recorder {
  readonly record: (exchange: object) => void;
  close(): Promise<void>;
}

/** @param file path, or undefined: nothing is recorded. */
export function recorder(file: string | undefined): Recorder | null {
  if (file === undefined) return null;
  const stream = createWriteStream(file);
  return {
    record: (exchange) => {
      stream.write(`${JSON.stringify(exchange)}\n`);
    },
    close: () =>
      new Promise((resolve) => {
        stream.end(resolve);
      }),
  };
}
