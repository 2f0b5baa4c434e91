import { KeyClient, parseKeyVaultKeyIdentifier } from '@azure/keyvault-keys';
import type { ArmConnection } from './arm-clients.ts';
import type { Azure } from './azure.ts';
import { AzureUnavailableError, ask } from './errors.ts';

/** Keys, read through the data plane of Key Vault and Managed HSM. */
export function keyCalls({ credential, cloud, httpClient }: ArmConnection): Pick<Azure, 'readKey'> {
  const options = { retryOptions: { maxRetries: 0 }, ...(httpClient ? { httpClient } : {}) };
  const clients = new Map<string, KeyClient>();
  const clientFor = (vaultUrl: string): KeyClient => {
    const client = clients.get(vaultUrl) ?? new KeyClient(vaultUrl, credential, options);
    clients.set(vaultUrl, client);
    return client;
  };

  return {
    readKey: async (keyUrl) => {
      const { hostname, protocol } = new URL(keyUrl);
      const known = cloud.keyHostSuffixes.some((suffix) => hostname.endsWith(suffix));
      if (!known || protocol !== 'https:') {
        const message = `${hostname} is no key host of this cloud.`;
        return { status: 'refused', code: 'UnknownKeyHost', message };
      }
      const { vaultUrl, name, version } = parseKeyVaultKeyIdentifier(keyUrl);
      try {
        return await ask('read key', async () => {
          const key = await clientFor(vaultUrl).getKey(name, version ? { version } : {});
          return {
            url: keyUrl,
            enabled: key.properties.enabled !== false,
            expiresAtMs: key.properties.expiresOn?.getTime() ?? null,
            notBeforeMs: key.properties.notBefore?.getTime() ?? null,
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
  };
}
