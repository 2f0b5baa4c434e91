import type { MaintenanceWindow } from '../policy/maintenance-window.ts';
import { windowAt } from './window-at.ts';

const FORTNIGHT_MS = 14 * 86_400_000;

/**
 * When windows are next open for long enough, from an instant on, which may be that instant; null
 * when they are not within a fortnight.
 */
export function firstOpening(
  windows: readonly MaintenanceWindow[],
  fromMs: number,
  neededMs: number,
): number | null {
  for (let atMs = fromMs; atMs <= fromMs + FORTNIGHT_MS; ) {
    const state = windowAt(windows, atMs);
    if (state.kind === 'closed') {
      if (state.opensAtMs === null) return null;
      atMs = state.opensAtMs;
    } else if (state.openUntilMs - atMs >= neededMs) {
      return atMs;
    } else {
      atMs = state.openUntilMs;
    }
  }
  return null;
}
