import { parseTokenRequest, type TokenRequest } from '../entra/person-token.ts';
import type { Faults } from '../faults.ts';
import { parseBody } from '../http-client.ts';
import { textAt } from '../resources/json.ts';
import type { Truth } from '../truth.ts';
import { orderFault, parseFaults } from './fault-request.ts';

/** The one host name that is not Azure's. No DNS knows it. */
export const CONTROL_HOST = 'simulator.keyturn.local';

interface Controlled {
  readonly faults: Faults;
  readonly truth: () => Truth;
  readonly announce: (resourceId: string) => void;
  readonly personToken: (request: TokenRequest) => string;
}

type Action = (controlled: Controlled, body: unknown) => Response;

const ACTIONS: Readonly<Record<string, Action>> = {
  'GET /faults': ({ faults }) => Response.json(faults.list()),
  'POST /faults': ({ faults }, body) => {
    const parsed = parseFaults(body);
    if ('errors' in parsed) return refused(parsed.errors);
    for (const fault of parsed.faults) orderFault(faults, fault);
    return Response.json(faults.list(), { status: 201 });
  },
  'DELETE /faults': ({ faults }) => {
    faults.clear();
    return new Response(null, { status: 204 });
  },
  'GET /truth': ({ truth }) => Response.json(truth()),
  'POST /announce': ({ announce }, body) => {
    const resourceId = textAt(body, 'resourceId') ?? '';
    if (!/^\/subscriptions\/[^/]+\/resourceGroups\/./i.test(resourceId)) {
      return refused(['$.resourceId: expected the ARM ID of a resource']);
    }
    announce(resourceId);
    return new Response(null, { status: 202 });
  },
  'POST /tokens': ({ personToken }, body) => {
    const parsed = parseTokenRequest(body);
    if ('mistakes' in parsed) return refused(parsed.mistakes);
    return Response.json({ token: personToken(parsed.request) }, { status: 201 });
  },
};

/**
 * Scripts the simulator from another process, in plain JSON: what goes wrong, what really is, and
 * resources that somebody is said to have changed, and tokens of people. Faults do not reach it, recordings do not show it.
 */
export async function control(request: Request, controlled: Controlled): Promise<Response> {
  const { pathname } = new URL(request.url);
  const action = ACTIONS[`${request.method} ${pathname}`];
  if (action) return action(controlled, parseBody(await request.text()));
  const known = Object.keys(ACTIONS).join(', ');
  return Response.json({ errors: [`there is only ${known}`] }, { status: 404 });
}

export function isControl(request: Request): boolean {
  return new URL(request.url).hostname === CONTROL_HOST;
}

function refused(errors: readonly string[]): Response {
  return Response.json({ errors }, { status: 400 });
}
