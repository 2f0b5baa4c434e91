import type { OrchestrationContext } from 'durable-functions';

/**
 * Whether an instance was started by an older release than this one, and goes on as it began.
 *
 * What an orchestrator does differently since a release stands behind this question. An instance
 * without a version is older than every release.
 *
 * @param release `major.minor.patch`, as in host.json.
 */
export function startedBefore({ df }: OrchestrationContext, release: string): boolean {
  // Null, or absent, when it was started without one.
  if (!df.version) return true;
  const own = df.version.split('.').map(Number);
  const other = release.split('.').map(Number);
  const at = own.findIndex((part, place) => part !== other[place]);
  return at >= 0 && (own[at] ?? 0) < (other[at] ?? 0);
}
