import { answer } from '../arm/answer.ts';
import { ArmError } from '../arm/arm-error.ts';
import { sameId, startsWithId } from '../arm/resource-id.ts';
import { type Call, type Route, route } from '../arm/route.ts';
import type { Inventory } from './inventory.ts';
import { objectAt, textAt } from './json.ts';
import { unknownFilter } from './odata-filter.ts';

const LOCKS = '/:scope/providers/Microsoft.Authorization/locks';
const LOCK = `${LOCKS}/:lock` as const;
const LOCK_TYPE = 'Microsoft.Authorization/locks';

export interface Lock {
  readonly scope: string;
  readonly name: string;
  readonly level: 'CanNotDelete' | 'ReadOnly';
  readonly notes?: string;
}

/** Management locks. Source: REST reference, Management Locks. */
export function lockRoutes(inventory: Inventory, locks: Lock[]): readonly Route[] {
  const find = ({ params }: Call<'scope' | 'lock'>): Lock | undefined =>
    locks.find(({ scope, name }) => sameId(scope, `/${params.scope}`) && sameId(name, params.lock));
  return [
    route('GET', LOCKS, ({ params, query }) => {
      const scope = lockable(params.scope);
      inventory.requireSubscription(scope.split('/')[2] ?? '');
      const filter = query.get('$filter');
      if (filter && !/^atScope\(\)$/i.test(filter)) throw unknownFilter(filter);
      // What is locked above holds here too; without a filter, what is locked below is listed as well.
      const value = locks.filter(
        (lock) => startsWithId(scope, lock.scope) || (!filter && startsWithId(lock.scope, scope)),
      );
      return answer(200, { value: value.map(lockBody) });
    }),
    route('GET', LOCK, (call) => {
      const found = find(call);
      if (found) return answer(200, lockBody(found));
      throw new ArmError(404, 'LockNotFound', `The lock '${call.params.lock}' could not be found.`);
    }),
    route(
      'PUT',
      LOCK,
      (call) => {
        const properties = objectAt(call.body, 'properties');
        const level = textAt(properties, 'level');
        if (level !== 'CanNotDelete' && level !== 'ReadOnly') {
          throw new ArmError(
            400,
            'LockLevelInvalid',
            `The lock level '${level ?? ''}' is not valid; it must be CanNotDelete or ReadOnly.`,
          );
        }
        const known = find(call);
        if (known) locks.splice(locks.indexOf(known), 1);
        const notes = textAt(properties, 'notes');
        const lock: Lock = {
          scope: lockable(call.params.scope),
          name: call.params.lock,
          level,
          ...(notes ? { notes } : {}),
        };
        locks.push(lock);
        return answer(known ? 200 : 201, lockBody(lock));
      },
      { operationName: `${LOCK_TYPE}/write` },
    ),
    route(
      'DELETE',
      LOCK,
      (call) => {
        const found = find(call);
        if (!found) return answer(204);
        locks.splice(locks.indexOf(found), 1);
        return answer(200);
      },
      { operationName: `${LOCK_TYPE}/delete` },
    ),
  ];
}

/** Management groups are not locked. */
function lockable(scope: string): string {
  if (startsWithId(scope, 'subscriptions')) return `/${scope}`;
  throw new ArmError(400, 'InvalidScope', `The scope '/${scope}' is not valid.`);
}

function lockBody({ scope, name, level, notes }: Lock): object {
  return {
    properties: { level, ...(notes ? { notes } : {}) },
    id: `${scope}/providers/${LOCK_TYPE}/${name}`,
    type: LOCK_TYPE,
    name,
  };
}
