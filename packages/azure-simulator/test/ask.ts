import type { Simulator } from '../src/simulator.ts';
import type { Json } from './recorded.ts';

export interface Asked {
  readonly status: number;
  readonly headers: Headers;
  /** `{}` for an empty body. */
  readonly body: Json;
}

/** One call of the resource manager, for what no client of ours asks. */
export async function ask(
  { handle }: Pick<Simulator, 'handle'>,
  method: string,
  path: string,
  body?: unknown,
): Promise<Asked> {
  const response = await handle(
    new Request(`https://management.azure.com${path}`, {
      method,
      headers: { authorization: 'Bearer static', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  );
  const { status, headers } = response;
  const text = await response.text();
  return { status, headers, body: text === '' ? {} : JSON.parse(text) };
}
