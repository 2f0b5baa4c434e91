/**
 * Whether what was thrown is Azure's outage.
 *
 * By name, for activities know Azure only as a type: see `AzureUnavailableError`.
 */
export function isUnavailable(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && error.name === 'AzureUnavailableError';
}
