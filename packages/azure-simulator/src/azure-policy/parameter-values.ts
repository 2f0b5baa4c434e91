import { isObject, type JsonObject } from '../resources/json.ts';

/** Values by name, the defaults of a definition for those that are not given. */
export function valuesFor(definition: { readonly parameters: JsonObject }, given: JsonObject) {
  const defaults = Object.entries(definition.parameters).map(([name, it]) => [
    name,
    isObject(it) ? it['defaultValue'] : undefined,
  ]);
  return { ...Object.fromEntries(defaults), ...given } as JsonObject;
}

/** Values by name, as bodies write them. */
export function asWritten(values: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
}
