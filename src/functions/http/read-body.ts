import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import type { z } from 'zod';
import { armError } from './arm-answer.ts';

const LARGEST_BODY = 16_384;

/**
 * Reads the JSON body of a request; what is wrong with it is refused in ARM's shape.
 *
 * Only `application/json`: of everything else a foreign web page can have a browser send some.
 *
 * @param must what the body must be, as a sentence for people.
 */
export async function readBody<Schema extends z.ZodType>(
  schema: Schema,
  request: HttpRequest,
  must: string,
): Promise<{ readonly body: z.output<Schema> } | { readonly refusal: HttpResponseInit }> {
  if (!/^application\/json *(;|$)/i.test(request.headers.get('content-type') ?? '')) {
    const message = 'The body must be application/json.';
    return { refusal: armError(415, 'UnsupportedMediaType', message) };
  }
  const text = await request.text();
  if (text.length > LARGEST_BODY) {
    const message = `The body may have at most ${LARGEST_BODY} characters.`;
    return { refusal: armError(413, 'RequestContentTooLarge', message) };
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { refusal: armError(400, 'InvalidRequestContent', 'The body is not JSON.') };
  }
  const read = schema.safeParse(json);
  if (read.success) return { body: read.data };
  const details = read.error.issues.map(({ message, path }) => ({
    code: 'InvalidMember',
    message,
    target: path.join('.'),
  }));
  return { refusal: armError(400, 'InvalidRequestContent', must, details) };
}
