import type { HttpResponseInit, InvocationContext } from '@azure/functions';
import type { Services } from '../../activities/services.ts';
import type { ConversionPolicy } from '../../domain/policy/conversion-policy.ts';
import { log } from '../../log.ts';
import { armError } from './arm-answer.ts';

/** The policy as it stands; a refusal when its file has become wrong since the start. */
export async function readPolicy(
  policy: Services['policy'],
  context: InvocationContext,
): Promise<{ readonly policy: ConversionPolicy } | { readonly refusal: HttpResponseInit }> {
  try {
    return { policy: await policy() };
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ConfigError') throw error;
    log(context, 'policy.unusable', { problems: error.message });
    const message = "The policy file is wrong; the app's log says why.";
    return { refusal: armError(500, 'PolicyUnusable', message) };
  }
}
