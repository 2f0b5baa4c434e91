import type { Call } from '../arm/route.ts';
import { isObject } from '../resources/json.ts';
import type { ResourceBody } from '../resources/resource.ts';

/**
 * A topic as an api-version shows it: previews before 2022 show members that say nothing as `null`.
 * Source: recorded of the previews of 2020 and 2021; the documents of later versions know none.
 */
export function topicBody(body: ResourceBody, { apiVersion }: Call, more: object = {}): object {
  if (!showsNulls(apiVersion)) return asShown({ ...body }, apiVersion) as object;
  return { ...body, ...more, tags: body.tags ?? null, systemData: null };
}

/** The same of any body that holds `null`. */
export function asShown(value: unknown, apiVersion: string): unknown {
  if (showsNulls(apiVersion)) return value;
  if (!isObject(value)) return value;
  const told = Object.entries(value).filter(([, it]) => it !== null);
  return Object.fromEntries(told.map(([name, it]) => [name, asShown(it, apiVersion)]));
}

function showsNulls(apiVersion: string): boolean {
  return apiVersion < '2022';
}
