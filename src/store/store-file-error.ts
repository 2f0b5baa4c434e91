/** The journal's file cannot be used; thrown at start. */
export class StoreFileError extends Error {
  override readonly name = 'StoreFileError';

  constructor(path: string, failure: { readonly reason: string; readonly cause: unknown }) {
    super(
      `The journal ${path} cannot be used: ${failure.reason}. Check that its folder exists and that this ` +
        'user may write there, or set KEYTURN_JOURNAL to another file.',
      { cause: failure.cause },
    );
  }
}
