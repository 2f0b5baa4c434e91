import { answer } from '../arm/answer.ts';
import { ArmError } from '../arm/arm-error.ts';
import { type Call, type Route, route } from '../arm/route.ts';
import type { Inventory } from '../resources/inventory.ts';
import { isObject, objectAt, textAt } from '../resources/json.ts';
import { type PendingField, restrictionsOf } from './policy-restrictions.ts';
import type { PolicyStore } from './policy-store.ts';

const CHECK = 'providers/Microsoft.PolicyInsights/checkPolicyRestrictions';
/** Since this version effects are told and audits can be asked for. */
const TELLS_EFFECTS = '2023-03-01';

/**
 * What policies will do to a resource that is not yet written.
 *
 * Source: REST reference, Policy Insights, Check Policy Restrictions, 2022-03-01 to 2024-10-01.
 */
export function restrictionRoutes(policies: PolicyStore, inventory: Inventory): readonly Route[] {
  const check = (scope: string, { body, apiVersion }: Pick<Call, 'body' | 'apiVersion'>) => {
    const details = objectAt(body, 'resourceDetails');
    const content = details['resourceContent'];
    if (!isObject(content)) {
      throw new ArmError(
        400,
        'InvalidRequestContent',
        "The request content was invalid: 'resourceDetails.resourceContent' is required.",
      );
    }
    const tellsEffects = apiVersion >= TELLS_EFFECTS;
    const type = textAt(content, 'type') ?? '';
    const name = textAt(content, 'name') ?? '';
    // Whatever it will be called, it is below the scope; by name it may be exempt or left out.
    const id =
      name === '' ? scope : `${textAt(details, 'scope') ?? scope}/providers/${type}/${name}`;
    return answer(
      200,
      restrictionsOf({
        content,
        pending: pendingIn(body),
        policies: policies.enforcedAt(id),
        includeAudit: tellsEffects && isObject(body) && body['includeAuditEffect'] === true,
        tellsEffects,
      }),
    );
  };
  return [
    route(
      'POST',
      `/subscriptions/:subscription/resourceGroups/:group/${CHECK}`,
      ({ params, ...call }) => {
        inventory.requireGroup(params);
        const { subscription, group } = params;
        return check(`/subscriptions/${subscription}/resourceGroups/${group}`, call);
      },
    ),
    route('POST', `/subscriptions/:subscription/${CHECK}`, ({ params, ...call }) =>
      check(`/subscriptions/${params.subscription}`, call),
    ),
    route(
      'POST',
      `/providers/Microsoft.Management/managementGroups/:group/${CHECK}`,
      ({ params, ...call }) =>
        check(`/providers/Microsoft.Management/managementGroups/${params.group}`, call),
    ),
  ];
}

function pendingIn(body: unknown): readonly PendingField[] {
  const pending: unknown = isObject(body) ? body['pendingFields'] : undefined;
  if (!Array.isArray(pending)) return [];
  return pending.filter(isObject).map((it) => ({
    field: textAt(it, 'field') ?? '',
    values: Array.isArray(it['values']) ? it['values'].map(String) : [],
  }));
}
