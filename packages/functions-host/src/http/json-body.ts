/** A request body that should be JSON. */
export type JsonBody =
  | { readonly kind: 'empty' }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'value'; readonly value: unknown };

export function readJson(body: Buffer): JsonBody {
  if (body.length === 0) return { kind: 'empty' };
  try {
    return { kind: 'value', value: JSON.parse(body.toString('utf8')) };
  } catch {
    return { kind: 'malformed' };
  }
}
