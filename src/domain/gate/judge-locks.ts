import { covers } from '../azure/covers.ts';
import type { Lock } from '../azure/lock.ts';
import type { Reading } from '../azure/reading.ts';
import { type Verdict, verdict } from './verdict.ts';

/**
 * Judges whether a lock forbids to write a resource, to switch it off or to start it.
 *
 * A lock against deletion does not. Source: "Lock your Azure resources": a read-only one on a
 * resource group keeps its VMs from being started or restarted.
 *
 * @param resourceId ARM ID of a VM or disk.
 * @param locks all of its subscription.
 */
export function judgeLocks(
  resourceId: string,
  locks: Reading<readonly Lock[]>,
): readonly Verdict[] {
  if (locks.status === 'unreadable') {
    const message = `The locks could not be listed: ${locks.message}`;
    return [verdict('unreadable', 'locks-unreadable', message, resourceId)];
  }
  return locks.value
    .filter(({ level, scope }) => level === 'ReadOnly' && covers(scope, resourceId))
    .map(({ name, scope }) => {
      const message = `The lock ${name} on ${scope} makes it read-only.`;
      return verdict('blocked', 'read-only-lock', message, resourceId);
    });
}
