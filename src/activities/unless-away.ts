/**
 * What stands in for a store that gives no answer; any other error is thrown on.
 *
 * By name, for activities know the store only as a type: see `StoreUnavailableError`.
 */
export function unlessAway<T>(instead: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof Error && error.name === 'StoreUnavailableError') return instead;
    throw error;
  };
}
