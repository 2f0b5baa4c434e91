import { type PipelinePolicy, RestError } from '@azure/core-rest-pipeline';
import { KeyClient, parseKeyVaultKeyIdentifier } from '@azure/keyvault-keys';
import type { Key } from '../../domain/azure/key.ts';
import type { ArmConnection } from '../arm/arm-clients.ts';
import { deadlinePolicy } from '../arm/deadline-policy.ts';
import { AzureUnavailableError, ask } from '../arm/errors.ts';
import { remember } from '../arm/remember.ts';
import type { Azure } from '../azure.ts';

/** Keys, read through the data plane of Key Vault and Managed HSM. */
export function keyCalls({ credential, cloud, httpClient }: ArmConnection): Pick<Azure, 'readKey'> {
  const options = {
    retryOptions: { maxRetries: 0 },
    additionalPolicies: [deadlinePolicy, refusalsWithoutError].map((policy) => ({
      policy,
      position: 'perCall' as const,
    })),
    ...(httpClient ? { httpClient } : {}),
  };
  const clients = new Map<string, KeyClient>();
  const clientFor = (vaultUrl: string): KeyClient => {
    const client = clients.get(vaultUrl) ?? new KeyClient(vaultUrl, credential, options);
    clients.set(vaultUrl, client);
    return client;
  };

  return {
    readKey: remember(
      async (keyUrl) => {
        const key = keyIn(keyUrl, cloud.keyHostSuffixes);
        if (key === null) {
          const message = `${keyUrl} is no key on a host of this cloud.`;
          return { status: 'refused', code: 'UnknownKeyHost', message };
        }
        const { vaultUrl, name, version, hostname } = key;
        try {
          return await ask('read key', async () => {
            const found = await clientFor(vaultUrl).getKey(name, version ? { version } : {});
            const { properties, keyType, keyOperations, key: material } = found;
            return {
              url: keyUrl,
              type: keyType ?? null,
              sizeBits: material?.n ? bitsIn(material.n) : null,
              operations: keyOperations ?? null,
              enabled: properties.enabled !== false,
              expiresAtMs: properties.expiresOn?.getTime() ?? null,
              notBeforeMs: properties.notBefore?.getTime() ?? null,
            };
          });
        } catch (error) {
          // A vault that was deleted has no name in DNS any more: no outage, and no reason to retry.
          if (error instanceof AzureUnavailableError && error.code === 'ENOTFOUND') {
            return { status: 'refused', code: 'VaultNotFound', message: `${hostname} is unknown.` };
          }
          throw error;
        }
      },
      undefined,
      isUsable,
    ),
  };
}

function isUsable(key: Key | null): boolean {
  if (key === null) return false;
  const nowMs = Date.now();
  return (
    key.enabled &&
    (key.expiresAtMs === null || key.expiresAtMs > nowMs) &&
    (key.notBeforeMs === null || key.notBeforeMs <= nowMs)
  );
}

/** Of a modulus, before which some write a zero to show that it is no negative number. */
function bitsIn({ length }: Uint8Array): number {
  return (length - (length % 2)) * 8;
}

/** The parts of a key's URL; null when it is none, or elsewhere: a token goes to no other host. */
function keyIn(keyUrl: string, hostSuffixes: readonly string[]) {
  if (!URL.canParse(keyUrl)) return null;
  const { hostname, protocol, pathname } = new URL(keyUrl);
  const isKey = /^\/keys\/[^/]+(\/[^/]+)?$/.test(pathname);
  const isKnown = hostSuffixes.some((suffix) => hostname.endsWith(suffix));
  if (!isKey || !isKnown || protocol !== 'https:') return null;
  return { ...parseKeyVaultKeyIdentifier(keyUrl), hostname };
}

/**
 * A refusal without an error in its body, as firewalls and gateways give: keyvault-keys 4.10.2
 * breaks down over it with a TypeError, which would tell nothing.
 */
const refusalsWithoutError: PipelinePolicy = {
  name: 'refusalsWithoutError',
  async sendRequest(request, next) {
    const response = await next(request);
    const { status: statusCode, bodyAsText } = response;
    if (statusCode < 400 || /"error"\s*:\s*\{/.test(bodyAsText ?? '')) return response;
    const code = String(statusCode);
    throw new RestError(`The vault answered ${code}.`, { code, statusCode, request, response });
  },
};
