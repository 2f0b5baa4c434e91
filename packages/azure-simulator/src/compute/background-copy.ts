/** Assumed: the documents say up to a day, of disks that are very large. */
const MIB_PER_SECOND = 100;

/** A copy that goes on after the operation that began it: what it has done follows from the clock. */
export interface BackgroundCopy {
  readonly startedAt: number;
  readonly endsAt: number;
}

/** @param percent how far it is already, for what is found so. */
export function beginCopy(sizeGB: number, speed: number, percent = 0): BackgroundCopy {
  const durationMs = ((sizeGB * 1024) / MIB_PER_SECOND / speed) * 1000;
  const startedAt = Date.now() - (durationMs * percent) / 100;
  return { startedAt, endsAt: startedAt + durationMs };
}

/** 100 for what is not copied in the background. */
export function percentOf(copy: BackgroundCopy | null): number {
  if (copy === null || Date.now() >= copy.endsAt) return 100;
  const part = (Date.now() - copy.startedAt) / (copy.endsAt - copy.startedAt);
  return Math.floor(part * 100);
}
