import type { InvocationContext } from '@azure/functions';

/**
 * Writes one structured line: the event's name and its named properties.
 *
 * Names end in a past participle (`change.noticed`). Never give it tokens, keys or whole payloads.
 */
export function log(
  context: Pick<InvocationContext, 'info'>,
  event: string,
  properties: Readonly<Record<string, string | number | boolean | null>>,
): void {
  context.info(JSON.stringify({ event, ...properties }));
}
