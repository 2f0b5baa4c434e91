/** Azure's way to write a time: an offset instead of `Z`, trailing zeros of the fraction dropped. */
export function azureTime(ms: number): string {
  return new Date(ms).toISOString().replace(/\.?0*Z$/, '+00:00');
}

/** The form in events: always seven digits and `Z`. */
export function eventTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '0000Z');
}
