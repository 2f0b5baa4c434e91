import { randomUUID } from 'node:crypto';
import {
  app,
  type HttpRequest,
  type HttpResponseInit,
  type InvocationContext,
} from '@azure/functions';
import { getClient, input } from 'durable-functions';
import { z } from 'zod';
import type { Services } from '../activities/services.ts';
import { type ArmScope, parseArmScope } from '../domain/arm-id.ts';
import type { ConversionPolicy } from '../domain/conversion-policy.ts';
import { mayBeInScope } from '../domain/is-in-scope.ts';
import { startOnce } from '../durable/start-once.ts';
import { log } from '../log.ts';
import { convertScope } from '../orchestrators/convert-scope.ts';
import { armError } from './arm-answer.ts';

const LARGEST_BODY = 16_384;

const Body = z.strictObject({
  target: z
    .string()
    .max(2_000)
    .refine((id) => parseArmScope(id) !== null, {
      message: 'must be the ARM ID of a disk, a VM, a resource group or a subscription',
    }),
  dryRun: z.boolean().default(false),
});

/** Registers `POST /api/conversions`: converts, or says what it would do. */
export function registerPostConversion(policy: Services['policy']): void {
  app.http('postConversion', {
    route: 'conversions',
    methods: ['POST'],
    authLevel: 'function',
    extraInputs: [input.durableClient()],
    handler: async (
      request: HttpRequest,
      context: InvocationContext,
    ): Promise<HttpResponseInit> => {
      const asked = readBody(await request.text());
      if ('refusal' in asked) return asked.refusal;
      const { scope, dryRun } = asked;
      const allowed = await readPolicy(policy, context);
      if (allowed === null) {
        return armError(500, 'PolicyUnusable', "The policy file is wrong; the app's log says why.");
      }
      if (!mayBeInScope(scope, allowed)) {
        return armError(403, 'OutOfPolicyScope', `The policy's scope does not name ${scope.id}.`);
      }
      const instanceId = `request-${randomUUID().replaceAll('-', '')}`;
      await startOnce(getClient(context), convertScope, {
        instanceId,
        input: { scope, dryRun, person: null },
      });
      log(context, 'conversion.requested', { target: scope.id, instanceId, dryRun });
      const location = new URL(`conversions/${instanceId}`, `${new URL(request.url).origin}/api/`);
      return {
        status: 202,
        headers: { Location: location.href, 'Retry-After': '5' },
        jsonBody: { id: instanceId, kind: 'request', target: scope.id, status: 'Running', dryRun },
      };
    },
  });
}

/** Null when the file has become wrong since the start. */
async function readPolicy(
  policy: Services['policy'],
  context: InvocationContext,
): Promise<ConversionPolicy | null> {
  try {
    return await policy();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ConfigError') throw error;
    log(context, 'policy.unusable', { problems: error.message });
    return null;
  }
}

function readBody(
  text: string,
): { scope: ArmScope; dryRun: boolean } | { refusal: HttpResponseInit } {
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
  const body = Body.safeParse(json);
  const scope = body.success ? parseArmScope(body.data.target) : null;
  if (body.success && scope !== null) return { scope, dryRun: body.data.dryRun };

  const details = (body.error?.issues ?? []).map((issue) => ({
    code: 'InvalidMember',
    message: issue.message,
    target: issue.path.join('.'),
  }));
  const message = 'The body must be {"target": "<ARM ID>", "dryRun": true or false}.';
  return { refusal: armError(400, 'InvalidRequestContent', message, details) };
}
