import { answer } from '../arm/answer.ts';
import { type Route, route } from '../arm/route.ts';
import type { DeletedVault, VaultStore } from './vault-store.ts';

const PROVIDER = '/subscriptions/:subscription/providers/Microsoft.KeyVault';
const LOCATION = `${PROVIDER}/locations/:location` as const;
const DELETED = `${LOCATION}/deletedVaults/:vault` as const;

/** How long a purge takes. Assumed. */
const PURGE_MS = 15_000;

/** Vaults that were deleted, until they are purged. Source: REST reference, Vaults; recorded polls. */
export function deletedVaultRoutes(store: VaultStore, speed: number): readonly Route[] {
  return [
    route('GET', `${PROVIDER}/deletedVaults`, ({ params }) =>
      answer(200, {
        value: store
          .deleted()
          .filter(({ vault }) => isOf(vault.id, params.subscription))
          .map(deletedBody),
      }),
    ),
    route('GET', DELETED, ({ params }) =>
      answer(200, deletedBody(store.requireDeleted(params.vault, params.location))),
    ),
    route('POST', `${DELETED}/purge`, (call) => {
      const { subscription, location, vault } = call.params;
      store.purge(vault, location);
      // The name of the operation holds all that there is to know of it.
      const operation = Buffer.from(JSON.stringify({ vault, at: Date.now() })).toString(
        'base64url',
      );
      const url = new URL(
        `/subscriptions/${subscription}/providers/Microsoft.KeyVault/locations/${location}/operationResults/${operation}?api-version=${call.apiVersion}`,
        call.url,
      );
      return pending(url, Date.now());
    }),
    route('GET', `${LOCATION}/operationResults/:operation`, ({ params, url }) => {
      const begunAt = begunIn(params.operation);
      return Date.now() < begunAt + PURGE_MS / speed ? pending(url, begunAt) : answer(200);
    }),
  ];
}

function pending(url: URL, begunAt: number) {
  const createdDateTime = seconds(begunAt).replace('T', ' ');
  return answer(202, { createdDateTime, status: 'NotStarted' }, { location: url.href });
}

function begunIn(operation: string): number {
  try {
    return Number(JSON.parse(Buffer.from(operation, 'base64url').toString()).at ?? 0);
  } catch {
    return 0;
  }
}

function isOf(id: string, subscription: string): boolean {
  return id.split('/')[2]?.toLowerCase() === subscription.toLowerCase();
}

function deletedBody({ vault, deletedAt, purgedAt }: DeletedVault): object {
  const subscription = vault.id.split('/')[2];
  return {
    id: `/subscriptions/${subscription}/providers/Microsoft.KeyVault/locations/${vault.location}/deletedVaults/${vault.name}`,
    name: vault.name,
    type: 'Microsoft.KeyVault/deletedVaults',
    properties: {
      vaultId: vault.id,
      location: vault.location,
      tags: vault.tags ?? {},
      deletionDate: seconds(deletedAt),
      scheduledPurgeDate: seconds(purgedAt),
      ...(vault.purgeProtection ? { purgeProtectionEnabled: true } : {}),
    },
  };
}

function seconds(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+/, '');
}
