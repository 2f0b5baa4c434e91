/** The command line was wrong; its message is what the person reads, and the exit code is 1. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
