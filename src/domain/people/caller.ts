import type { Person } from './requester.ts';

/** App roles that Entra ID writes into the tokens of those who have them. */
export const APPROVE_ROLE = 'keyturn.approve';
export const CONVERT_ROLE = 'keyturn.convert';

/** Who sends a request, as far as it proves who. */
export interface Caller {
  readonly person: Person;
  /** An application has roles too, but is no person. */
  readonly kind: 'person' | 'application';
  readonly roles: readonly string[];
}

/** What a caller wants: to have something converted, or to decide and to release a stop. */
export type Act = 'convert' | 'approve';

/** Why a caller may not do that; null when it may. */
export function objectionToCaller(
  { kind, roles }: Caller,
  act: Act,
): 'role-missing' | 'no-person' | null {
  const wanted = act === 'approve' ? [APPROVE_ROLE] : [APPROVE_ROLE, CONVERT_ROLE];
  if (!wanted.some((role) => roles.includes(role))) return 'role-missing';
  return act === 'approve' && kind !== 'person' ? 'no-person' : null;
}
