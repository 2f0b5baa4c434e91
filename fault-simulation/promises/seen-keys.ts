import type { Entry, Picture } from '../azure-log.ts';
import { sameId } from './rules.ts';

/** Whether keyturn has read the key behind a region's set since an instant, and it was usable. */
export function hasSeenKeyUsable(
  earlier: readonly Entry[],
  region: string,
  sinceMs: number,
): boolean {
  for (let at = earlier.length - 1; at > 0; at -= 1) {
    const picture = earlier[at];
    const read = earlier[at - 1];
    if (picture && picture.atMs < sinceMs) return false;
    if (picture?.kind !== 'picture' || read?.kind !== 'call') continue;
    if (read.by === 'keyturn' && read.status === 200 && isUsable(picture, region, read.path)) {
      return true;
    }
  }
  return false;
}

/** Whether a read was of the key behind a region's set, and the key could be used then. */
function isUsable({ sets }: Picture, region: string, readPath: string): boolean {
  const set = sets.find((each) => sameId(each.region, region));
  if (!set?.keyUrl.toLowerCase().includes(readPath)) return false;
  // Grants are read beside the key: they may have gone in between.
  return set.problem === null || set.problem === 'forbidden';
}
