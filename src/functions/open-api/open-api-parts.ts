/** Answers that every path has which wants a function key. */
export const REFUSALS = Object.fromEntries(
  Object.entries({
    '400': 'The request is wrong.',
    '401': 'No function key, or a wrong one; without a body.',
  }).map(([status, description]) => [status, refusal(description)]),
);

export function refusal(description: string) {
  return { description, content: json({ $ref: '#/components/schemas/Error' }) };
}

export function answer(description: string, schema: object) {
  return { description, content: json(schema) };
}

export function json(schema: object) {
  return { 'application/json': { schema } };
}

/** A list's answer. */
export function page(items: object) {
  return answer('A page.', {
    type: 'object',
    required: ['value'],
    properties: {
      value: { type: 'array', items },
      nextLink: { type: 'string', format: 'uri' },
    },
  });
}
