import type { OrchestrationContext } from 'durable-functions';

/** Writes one structured line for a person to act on; once, however often the code is replayed. */
export function warn(
  context: OrchestrationContext,
  event: string,
  properties: Readonly<Record<string, string>>,
): void {
  if (!context.df.isReplaying) context.warn(JSON.stringify({ event, ...properties }));
}
