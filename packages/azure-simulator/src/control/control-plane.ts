import type { Condition, Conditions } from '../conditions.ts';
import { parseTokenRequest, type TokenRequest } from '../entra/person-token.ts';
import type { Faults, WaitingFault } from '../faults.ts';
import { parseBody } from '../http-client.ts';
import { textAt } from '../resources/json.ts';
import type { Truth } from '../truth.ts';
import { orderFault, parseFaults } from './fault-request.ts';

/** The one host name that is not Azure's. No DNS knows it. */
export const CONTROL_HOST = 'simulator.keyturn.local';

interface Controlled {
  readonly faults: Faults;
  readonly conditions: Conditions;
  readonly truth: () => Truth;
  readonly announce: (resourceId: string) => void;
  readonly personToken: (request: TokenRequest) => string;
}

type Action = (controlled: Controlled, body: unknown) => Response;

const ACTIONS: Readonly<Record<string, Action>> = {
  'GET /faults': (controlled) => Response.json(standing(controlled)),
  'POST /faults': (controlled, body) => {
    const parsed = parseFaults(body);
    if ('errors' in parsed) return refused(parsed.errors);
    try {
      for (const fault of parsed.faults) orderFault(controlled, fault);
    } catch (error) {
      return refused([`$: ${error instanceof Error ? error.message : String(error)}`]);
    }
    return Response.json(standing(controlled), { status: 201 });
  },
  'DELETE /faults': ({ faults, conditions }) => {
    faults.clear();
    conditions.clear();
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

/** All that is ordered: what waits for a call, and what lasts. */
function standing({ faults, conditions }: Controlled): readonly (WaitingFault | Condition)[] {
  return [...faults.list(), ...conditions.list()];
}

function refused(errors: readonly string[]): Response {
  return Response.json({ errors }, { status: 400 });
}
