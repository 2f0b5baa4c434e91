import type { OrchestrationContext } from 'durable-functions';
import type { ArmScope } from '../../domain/azure/arm-id.ts';
import { RESOURCE_GRAPH_LAG } from '../../domain/conversion/planned-scope.ts';
import type { RequestProgress } from '../../domain/conversion/progress.ts';
import type { Person } from '../../domain/people/requester.ts';
import type { FoundSoFar } from './convert-found.ts';

export interface ConvertScopeInput {
  readonly scope: ArmScope;
  /** Says what would be done, and does nothing. */
  readonly dryRun: boolean;
  /** Who asked; null behind a function key. */
  readonly person: Person | null;
  /** What an earlier generation found and started; absent in the first. */
  readonly found?: FoundSoFar;
}

/** Shows how far a request is. */
export type Show = (progress: Omit<RequestProgress, 'target'>) => void;

export function showerOf(context: OrchestrationContext, { id }: ArmScope): Show {
  return (progress) =>
    context.df.setCustomStatus({ target: id, ...progress } satisfies RequestProgress);
}

/** What a request may not know of. */
export function lackOf({ mayLack }: { readonly mayLack?: boolean }) {
  return mayLack ? { incomplete: RESOURCE_GRAPH_LAG } : {};
}
