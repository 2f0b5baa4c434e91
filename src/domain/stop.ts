import { sameId } from './arm-id.ts';

/** Somebody, or a failure, forbids further deallocations. */
export interface Stop {
  /** `everything`, or the ARM ID of the one disk encryption set that is stopped. */
  readonly scope: string;
  /** Who or what stopped it. */
  readonly by: string;
  readonly reason: string;
  readonly atMs: number;
}

export const EVERYTHING = 'everything';

/** The stop that forbids to go on with these disk encryption sets, or null. */
export function stopFor(stops: readonly Stop[], setIds: readonly string[]): Stop | null {
  const forbids = ({ scope }: Stop): boolean =>
    scope === EVERYTHING || setIds.some((setId) => sameId(setId, scope));
  return stops.find(forbids) ?? null;
}
