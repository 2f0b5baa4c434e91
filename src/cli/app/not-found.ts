import { sameId } from '../../domain/azure/arm-id.ts';

interface Outcome {
  readonly kind?: string;
  readonly code?: string;
  readonly message?: string;
  readonly results?: readonly {
    readonly target: { readonly id: string };
    readonly outcome: { readonly kind: string };
  }[];
}

/** What to say where Azure has nothing of the name that a request was about; null where it has. */
export function notFound(target: string, outcome: unknown): string | null {
  const { kind, code, message, results = [] } = (outcome ?? {}) as Outcome;
  if (kind === 'not-found') return `${code}: ${message}`;
  const isGone = results.some(
    (each) => each.outcome.kind === 'gone' && sameId(each.target.id, target),
  );
  return isGone ? `ResourceNotFound: Azure has no ${target}.` : null;
}
