import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import type { z } from 'zod';
import { armError } from './arm-answer.ts';

/** Reads the query of a request; what is wrong with it is refused in ARM's shape. */
export function readQuery<Schema extends z.ZodType>(
  schema: Schema,
  request: HttpRequest,
): { readonly query: z.output<Schema> } | { readonly refusal: HttpResponseInit } {
  const read = schema.safeParse(Object.fromEntries(request.query));
  if (read.success) return { query: read.data };
  const details = read.error.issues.map(({ message, path }) => ({
    code: 'InvalidQueryParameter',
    message,
    target: path.join('.'),
  }));
  return { refusal: armError(400, 'InvalidQueryParameter', 'The query is wrong.', details) };
}

/** The request's own URL with another place in the list; a key in it is not repeated. */
export function nextLink(request: HttpRequest, name: string, value: string): string {
  const next = new URL(request.url);
  next.searchParams.delete('code');
  next.searchParams.set(name, value);
  return next.href;
}
