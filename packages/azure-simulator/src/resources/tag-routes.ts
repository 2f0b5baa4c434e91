import { answer } from '../arm/answer.ts';
import { ArmError } from '../arm/arm-error.ts';
import { startsWithId } from '../arm/resource-id.ts';
import { type Route, route } from '../arm/route.ts';
import type { Inventory, ResourceGroup, Subscription } from './inventory.ts';
import { objectAt, textAt } from './json.ts';
import { changeTags, type Tags, tagsIn } from './tags.ts';

const TAGS = '/:scope/providers/Microsoft.Resources/tags/default';
const NAMES = '/subscriptions/:subscription/tagNames';

/** Tags of any resource, group or subscription, without a right to write it. Source: REST reference, Tags. */
export function tagRoutes(inventory: Inventory): readonly Route[] {
  const target = (scope: string): { tags?: Tags | undefined } => {
    const found =
      inventory.find(`/${scope}`) ?? groupAt(inventory, scope) ?? subscriptionAt(inventory, scope);
    if (found) return found;
    throw new ArmError(404, 'ResourceNotFound', `The Resource '/${scope}' was not found.`);
  };
  const body = (scope: string, tags: Tags | undefined) => ({
    id: `/${scope}/providers/Microsoft.Resources/tags/default`,
    name: 'default',
    type: 'Microsoft.Resources/tags',
    properties: { tags: tags ?? {} },
  });
  const change = (scope: string, next: (old: Tags) => Tags) => {
    const resource = target(scope);
    resource.tags = next(resource.tags ?? {});
    return answer(200, body(scope, resource.tags));
  };
  const write = { operationName: 'Microsoft.Resources/tags/write' };
  return [
    route('GET', TAGS, ({ params }) => answer(200, body(params.scope, target(params.scope).tags))),
    route(
      'PUT',
      TAGS,
      (call) => change(call.params.scope, () => tagsIn(objectAt(call.body, 'properties')) ?? {}),
      write,
    ),
    route(
      'PATCH',
      TAGS,
      (call) => {
        const given = tagsIn(objectAt(call.body, 'properties')) ?? {};
        const operation = textAt(call.body, 'operation') ?? 'Merge';
        return change(call.params.scope, (old) => changeTags(old, operation, given));
      },
      write,
    ),
    route(
      'DELETE',
      TAGS,
      ({ params }) => {
        target(params.scope).tags = {};
        return answer(200);
      },
      { operationName: 'Microsoft.Resources/tags/delete' },
    ),
  ];
}

/**
 * Names of tags: those that were made as such, and those in use with their values and counts.
 *
 * Source: REST reference, Tags – List, Create Or Update, Delete.
 */
export function tagNameRoutes(inventory: Inventory): readonly Route[] {
  const made = new Map<string, Set<string>>();
  const madeIn = (subscription: string): Set<string> => {
    const names = made.get(subscription) ?? new Set();
    made.set(subscription, names);
    return names;
  };
  return [
    route('GET', NAMES, ({ params }) => {
      const { id } = inventory.requireSubscription(params.subscription);
      const used = owners(inventory, id).flatMap(({ tags }) => Object.keys(tags ?? {}));
      const names = [...new Set([...madeIn(id), ...used])].sort();
      return answer(200, { value: names.map((name) => tagName(inventory, id, name)) });
    }),
    route('PUT', `${NAMES}/:name`, ({ params }) => {
      const { id } = inventory.requireSubscription(params.subscription);
      const known = madeIn(id).has(params.name);
      madeIn(id).add(params.name);
      return answer(known ? 200 : 201, tagName(inventory, id, params.name));
    }),
    route('DELETE', `${NAMES}/:name`, ({ params }) => {
      const { id } = inventory.requireSubscription(params.subscription);
      return answer(madeIn(id).delete(params.name) ? 200 : 204);
    }),
  ];
}

function tagName(inventory: Inventory, subscription: string, name: string): object {
  const values = owners(inventory, subscription).flatMap(({ tags }) => {
    const value = tags?.[name];
    return value === undefined ? [] : [value];
  });
  const id = `/subscriptions/${subscription}/tagNames/${name}`;
  const count = (value: number) => ({ type: 'Total', value });
  return {
    id,
    tagName: name,
    count: count(values.length),
    values: [...new Set(values)].map((tagValue) => ({
      id: `${id}/tagValues/${tagValue}`,
      tagValue,
      count: count(values.filter((value) => value === tagValue).length),
    })),
  };
}

function owners(
  inventory: Inventory,
  subscription: string,
): readonly { readonly tags: Tags | undefined }[] {
  const below = inventory
    .all()
    .filter(({ id }) => startsWithId(id, `/subscriptions/${subscription}`));
  const { tags } = inventory.requireSubscription(subscription);
  return [{ tags }, ...inventory.groups(subscription), ...below];
}

function subscriptionAt(inventory: Inventory, scope: string): Subscription | undefined {
  const [, id] = /^subscriptions\/([^/]+)$/i.exec(scope) ?? [];
  return id === undefined ? undefined : inventory.requireSubscription(id);
}

function groupAt(inventory: Inventory, scope: string): ResourceGroup | undefined {
  const [, subscription, group] =
    /^subscriptions\/([^/]+)\/resourceGroups\/([^/]+)$/i.exec(scope) ?? [];
  return subscription && group ? inventory.findGroup({ subscription, group }) : undefined;
}
