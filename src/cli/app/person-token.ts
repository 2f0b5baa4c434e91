import { CLOUD_NAMES, CLOUDS } from '../../azure/clouds.ts';
import { signIn } from '../../azure/sign-in.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

/** How a command learns whose word it carries. */
export const PERSON_OPTIONS = {
  'api-client-id': { type: 'string' },
  'token-from-env': { type: 'string' },
} as const;

export const PERSON_OPTIONS_HELP = `  --api-client-id ID     Signs you in (az login, …) for the app registration of the app,
                         else for KEYTURN_API_CLIENT_ID; not needed with --state.
  --token-from-env NAME  Sends the access token in this variable instead.`;

interface PersonOptions {
  readonly 'api-client-id'?: string | undefined;
  readonly 'token-from-env'?: string | undefined;
}

/**
 * Gets the access token by which the app knows who asks; null when none is wanted.
 *
 * @throws UsageError when it was wanted and cannot be had; at the call, not before.
 */
export function personToken(
  options: PersonOptions,
  { environment }: Terminal,
): (() => Promise<string>) | null {
  const variable = options['token-from-env'];
  if (variable !== undefined) {
    const token = environment[variable];
    if (token) return async () => token;
    throw new UsageError(`${variable}, which --token-from-env names, is not set.`);
  }
  const clientId = options['api-client-id'] ?? environment['KEYTURN_API_CLIENT_ID'];
  if (!clientId) return null;
  const name = CLOUD_NAMES.find((each) => each === environment['KEYTURN_CLOUD']) ?? 'AzureCloud';
  const { credential } = signIn(CLOUDS[name]);
  return async () => {
    try {
      const { token = '' } = (await credential.getToken(`api://${clientId}/.default`)) ?? {};
      return token;
    } catch (error) {
      const message = `You cannot be signed in for api://${clientId}; try az login.`;
      throw new UsageError(message, { cause: error });
    }
  };
}
