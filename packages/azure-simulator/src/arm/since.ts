import type { JsonObject } from '../resources/json.ts';

/** Names of properties and the first api-version that shows them. */
export type Since = Readonly<Record<string, string>>;

/** The properties that an api-version knows; versions are dates, so text compares them. */
export function knownAt(apiVersion: string, properties: JsonObject, since: Since): JsonObject {
  return Object.fromEntries(
    Object.entries(properties).filter(([name]) => (since[name] ?? '') <= apiVersion),
  );
}
