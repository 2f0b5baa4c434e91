import { ArmError } from '../arm/arm-error.ts';
import type { Call, Caller } from '../arm/route.ts';
import { objectAt, textAt } from '../resources/json.ts';
import { type AskedAction, actionOf } from './action.ts';
import type { DenyAssignment } from './deny-assignment.ts';
import type { RoleStore } from './role-store.ts';

const GATEWAY = { headers: { 'x-ms-failure-cause': 'gateway' } };
const SET_READ = 'Microsoft.Compute/diskEncryptionSets/read';

/**
 * Refuses what the caller was not granted. Whoever writes a disk or a snapshot with an encryption
 * set must also be allowed to read the set.
 *
 * Source: "Understand scope for Azure RBAC"; texts from public reports and a recorded answer.
 *
 * @throws ArmError 403
 */
export function refuseIfForbidden(call: Call, roles: RoleStore): void {
  const path = decodeURIComponent(call.url.pathname).replace(/\/$/, '');
  const asked = actionOf(call.method, path);
  if (!asked) return;
  const { caller } = call;
  const { action, scope } = asked;
  if (!roles.isGranted(caller.objectId, action, scope)) {
    throw new ArmError(
      403,
      'AuthorizationFailed',
      `The client '${caller.appId}' with object id '${caller.objectId}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
      GATEWAY,
    );
  }
  const denied = roles.denial(caller.objectId, action, scope);
  if (denied) throw deniedFailure(caller, asked, denied);
  const linked = /^Microsoft\.Compute\/(disks|snapshots)\/write$/i.test(action)
    ? setIn(call.body)
    : null;
  if (linked && !roles.allows(caller.objectId, SET_READ, linked)) {
    throw linkedFailure(caller, { action, scope, linked });
  }
}

/** Source: public reports of managed groups, those of Databricks for one. */
function deniedFailure(
  { appId, objectId }: Caller,
  { action, scope }: AskedAction,
  { name, displayName, scope: at }: DenyAssignment,
): ArmError {
  return new ArmError(
    403,
    'DenyAssignmentAuthorizationFailed',
    `The client '${appId}' with object id '${objectId}' has permission to perform action '${action}' on scope '${scope}'; however, the access is denied because of the deny assignment with name '${displayName}' and Id '${name.replaceAll('-', '')}' at scope '${at}'.`,
    GATEWAY,
  );
}

function setIn(body: unknown): string | null {
  const encryption = objectAt(objectAt(body, 'properties'), 'encryption');
  return textAt(encryption, 'diskEncryptionSetId') ?? null;
}

function linkedFailure(
  { appId, objectId }: Caller,
  { action, scope, linked }: { action: string; scope: string; linked: string },
): ArmError {
  return new ArmError(
    403,
    'LinkedAuthorizationFailed',
    `The client '${appId}' with object id '${objectId}' has permission to perform action '${action}' on scope '${scope}'; however, it does not have permission to perform action(s) '${SET_READ}' on the linked scope(s) '${linked}' (respectively) or the linked scope(s) are invalid.`,
    GATEWAY,
  );
}
