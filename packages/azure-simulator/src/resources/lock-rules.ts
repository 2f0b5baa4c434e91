import { ArmError } from '../arm/arm-error.ts';
import { startsWithId } from '../arm/resource-id.ts';
import type { Call } from '../arm/route.ts';
import { isCheck } from '../authorization/action.ts';
import type { Lock } from './lock-routes.ts';

const GROUP = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/?$/i;
const LOCKS = /\/providers\/Microsoft\.Authorization\/locks\/[^/]+$/i;

/**
 * Refuses what a management lock forbids: deletions, and every write and action where it is
 * read-only. A group cannot be deleted while anything in it is locked; locks themselves can always
 * be taken away.
 *
 * Source: "Lock your Azure resources to protect your infrastructure".
 *
 * @throws ArmError 409
 */
export function refuseIfLocked({ method, url }: Call, locks: readonly Lock[]): void {
  if (method === 'GET' || method === 'HEAD') return;
  const path = decodeURIComponent(url.pathname);
  if (LOCKS.test(path) || isCheck(path)) return;
  const removesGroup = method === 'DELETE' && GROUP.test(path);
  const lock = locks.find(({ scope, level }) => {
    if (removesGroup && startsWithId(scope, path)) return true;
    return startsWithId(path, scope) && (level === 'ReadOnly' || method === 'DELETE');
  });
  if (!lock) return;
  throw new ArmError(
    409,
    'ScopeLocked',
    `The scope '${url.pathname}' cannot perform ${method === 'DELETE' ? 'delete' : 'write'} operation because following scope(s) are locked: '${lock.scope}'. Please remove the lock and try again.`,
    { headers: { 'x-ms-failure-cause': 'gateway' } },
  );
}
