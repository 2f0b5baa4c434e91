/**
 * A fault broke the connection: there is no response. Whether Azure carried the call out, the
 * caller cannot know.
 *
 * Named as the SDKs' own error for a lost connection, which they recognise by its name.
 */
export class ConnectionDroppedError extends Error {
  override readonly name = 'RestError';
  readonly code = 'ECONNRESET';

  constructor() {
    super('socket hang up');
  }
}
