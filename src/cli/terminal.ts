/** Where a command writes: results to `out`, everything else to `err`. */
export interface Terminal {
  readonly out: NodeJS.WritableStream;
  readonly err: NodeJS.WritableStream & {
    readonly isTTY?: boolean;
    readonly columns?: number;
    readonly rows?: number;
  };
  /** Where keys come from, if a person can press any. */
  readonly keyboard?: NodeJS.ReadStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Aborted when the person, or the system, wants the command to end. */
  readonly interrupted: AbortSignal;
}

/** Writes one line of progress or explanation. */
export function say({ err }: Terminal, line: string): void {
  err.write(`${line}\n`);
}

/** Writes one line of result. */
export function tell({ out }: Terminal, line: string): void {
  out.write(`${line}\n`);
}
