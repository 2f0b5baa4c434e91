const FINAL = ['Succeeded', 'Failed', 'Canceled'];

/**
 * Whether Azure is at work on a resource.
 *
 * Source: Resource Manager, asynchronous operations: any other `provisioningState` means running.
 */
export function isChanging({ provisioningState }: { readonly provisioningState: string }): boolean {
  return !FINAL.includes(provisioningState);
}
