import type { OrchestrationContext } from 'durable-functions';
import type { Alert } from '../../domain/alert/alert.ts';

/**
 * Tells people: one structured line, once, however often the code is replayed.
 *
 * Whatever sends alerts on reads these lines; a repeated key is the same matter.
 */
export function raiseAlert(context: OrchestrationContext, alert: Alert): void {
  if (!context.df.isReplaying) context.warn(JSON.stringify({ event: 'alert', ...alert }));
}
