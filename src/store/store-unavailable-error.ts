/**
 * The store gave no answer, or none that is of use: no network, no token, no right, throttled.
 *
 * The only error of the store, and always worth a retry: rights and networks come back. Whether a
 * change was made is then unknown.
 */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
  /** Azure's code, the network's or SQLite's, e.g. `AuthorizationPermissionMismatch`. */
  readonly code: string;

  constructor(operation: string, failure: { readonly code: string; readonly cause?: unknown }) {
    super(`${operation} failed: ${failure.code}`, { cause: failure.cause });
    this.code = failure.code;
  }
}
