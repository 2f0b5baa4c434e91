import { sameId } from '../../domain/azure/arm-id.ts';
import type { InstanceOutcome } from '../../domain/conversion/instance-outcome.ts';

/** What to say where Azure has nothing of the name that a request was about; null where it has. */
export function notFound(target: string, outcome: InstanceOutcome | null): string | null {
  if (outcome?.kind === 'not-found') return `${outcome.code}: ${outcome.message}`;
  const results = outcome !== null && 'results' in outcome ? outcome.results : [];
  const isGone = results.some(
    (each) => each.outcome.kind === 'gone' && sameId(each.target.id, target),
  );
  return isGone ? `ResourceNotFound: Azure has no ${target}.` : null;
}
