import type { Played } from '../play.ts';
import type { Off } from './off.ts';
import { nameOf } from './rules.ts';
import { type Violation, violation } from './violation.ts';

/** Starting is given up, until the sweep, after three quarters of an hour. */
const LONG_MS = 50 * 60_000;

/** Whoever does not start for long is named by an alert. */
export function judgeAlerts(
  { alerts, entries }: Played,
  periods: readonly Off[],
): readonly Violation[] {
  // What is written by a host that is killed may be lost with it.
  if (entries.some(({ kind }) => kind === 'crashed' || kind === 'terminated')) return [];
  return periods.flatMap(({ vmId, sinceMs, startsMs }) => {
    const [first = 0] = startsMs;
    const last = startsMs.at(-1) ?? 0;
    const isNamed = alerts.some(
      (alert) => alert.includes('"vm-left-off"') && alert.toLowerCase().includes(`"${vmId}"`),
    );
    if (last - first < LONG_MS || isNamed) return [];
    return [violation('alerts', sinceMs, `no alert says that ${nameOf(vmId)} did not start`)];
  });
}
