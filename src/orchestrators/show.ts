import type { OrchestrationContext } from 'durable-functions';
import type { Progress } from '../domain/progress.ts';

/** Shows how far an instance is, to `GET /api/conversions` and to people who look on. */
export function show(context: OrchestrationContext, progress: Omit<Progress, 'since'>): void {
  const since = context.df.currentUtcDateTime.toISOString();
  context.df.setCustomStatus({ ...progress, since } satisfies Progress);
}
