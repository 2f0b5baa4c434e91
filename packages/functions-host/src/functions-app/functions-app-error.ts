/** A folder is no Functions app that can be run; its message is for a person. */
export class FunctionsAppError extends Error {
  override readonly name = 'FunctionsAppError';
}
