import { sameId } from '../azure/arm-id.ts';

/** Somebody, or a failure, forbids further deallocations. */
export interface Stop {
  /** `everything`, `too-much`, or the ARM ID of the one disk encryption set that is stopped. */
  readonly scope: string;
  /** Who or what stopped it. */
  readonly by: string;
  readonly reason: string;
  readonly atMs: number;
}

export const EVERYTHING = 'everything';

/** Everything too, by keyturn alone: apart, so that its end takes no stop of a person away. */
export const TOO_MUCH = 'too-much';

/** The stop that forbids to go on with these disk encryption sets, or null. */
export function stopFor(stops: readonly Stop[], setIds: readonly string[]): Stop | null {
  const forbids = ({ scope }: Stop): boolean =>
    scope === EVERYTHING || scope === TOO_MUCH || setIds.some((setId) => sameId(setId, scope));
  return stops.find(forbids) ?? null;
}
