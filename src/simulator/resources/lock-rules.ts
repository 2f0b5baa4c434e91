import { ArmError } from '../arm/arm-error.ts';
import type { Call } from '../arm/route.ts';
import type { Lock } from './resource-routes.ts';

/**
 * Refuses what a management lock forbids: deletions, and every write and action where it is
 * read-only.
 *
 * Source: "Lock your Azure resources to protect your infrastructure".
 *
 * @throws ArmError 409
 */
export function refuseIfLocked({ method, url }: Call, locks: readonly Lock[]): void {
  if (method === 'GET' || method === 'HEAD') return;
  const path = `${decodeURIComponent(url.pathname)}/`.toLowerCase();
  const lock = locks.find(
    ({ scope, level }) =>
      path.startsWith(`${scope.toLowerCase()}/`) && (level === 'ReadOnly' || method === 'DELETE'),
  );
  if (!lock) return;
  throw new ArmError(
    409,
    'ScopeLocked',
    `The scope '${url.pathname}' cannot perform ${method === 'DELETE' ? 'delete' : 'write'} operation because following scope(s) are locked: '${lock.scope}'. Please remove the lock and try again.`,
    { headers: { 'x-ms-failure-cause': 'gateway' } },
  );
}
