/** One line of the host's log; further members depend on the message. */
interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly [member: string]: unknown;
}

export type Log = (line: LogLine) => void;

/** The text of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
