import { randomUUID } from 'node:crypto';
import {
  app,
  type HttpRequest,
  type HttpResponseInit,
  type InvocationContext,
} from '@azure/functions';
import { getClient, input } from 'durable-functions';
import { z } from 'zod';
import type { Services } from '../../activities/services.ts';
import { parseArmScope } from '../../domain/azure/arm-id.ts';
import { mayBeInScope } from '../../domain/policy/is-in-scope.ts';
import { startOnce } from '../../durable/start-once.ts';
import { log } from '../../log.ts';
import { convertScope } from '../../orchestrators/conversion/convert-scope.ts';
import type { Identify } from '../../people/identify.ts';
import { armError } from './arm-answer.ts';
import { authorize } from './authorize.ts';
import { readBody } from './read-body.ts';
import { readPolicy } from './read-policy.ts';

const Body = z.strictObject({
  target: z
    .string()
    .max(2_000)
    .transform((id, context) => {
      const scope = parseArmScope(id);
      if (scope !== null) return scope;
      context.addIssue('must be the ARM ID of a disk, a VM, a resource group or a subscription');
      return z.NEVER;
    }),
  dryRun: z.boolean().default(false),
});
const MUST = 'The body must be {"target": "<ARM ID>", "dryRun": true or false}.';

/** Registers `POST /api/conversions`: converts, or says what it would do, which anybody may ask. */
export function registerPostConversion(policy: Services['policy'], identify: Identify): void {
  app.http('postConversion', {
    route: 'conversions',
    methods: ['POST'],
    authLevel: 'function',
    extraInputs: [input.durableClient()],
    handler: async (
      request: HttpRequest,
      context: InvocationContext,
    ): Promise<HttpResponseInit> => {
      const read = await readBody(Body, request, MUST);
      if ('refusal' in read) return read.refusal;
      const { target: scope, dryRun } = read.body;
      const authorized = dryRun ? null : await authorize(identify, request, context, 'convert');
      if (authorized !== null && 'refusal' in authorized) return authorized.refusal;
      const allowed = await readPolicy(policy, context);
      if ('refusal' in allowed) return allowed.refusal;
      if (!mayBeInScope(scope, allowed.policy)) {
        return armError(403, 'OutOfPolicyScope', `The policy's scope does not name ${scope.id}.`);
      }
      const person = authorized?.caller.person ?? null;
      const instanceId = `request-${randomUUID().replaceAll('-', '')}`;
      await startOnce(getClient(context), convertScope, {
        instanceId,
        input: { scope, dryRun, person },
      });
      const by = person?.name ?? null;
      log(context, 'conversion.requested', { target: scope.id, instanceId, dryRun, by });
      const location = new URL(`conversions/${instanceId}`, `${new URL(request.url).origin}/api/`);
      return {
        status: 202,
        headers: { Location: location.href, 'Retry-After': '5' },
        jsonBody: { id: instanceId, kind: 'request', target: scope.id, status: 'Running', dryRun },
      };
    },
  });
}
