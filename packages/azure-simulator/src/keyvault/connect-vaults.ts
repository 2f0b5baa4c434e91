import type { EventHub } from '../event-grid/event-hub.ts';
import type { Random } from '../random.ts';
import type { KeyVaults } from './key-vaults.ts';
import { type VaultEvent, vaultEvent } from './vault-event.ts';

interface Surroundings extends Pick<KeyVaults, 'keyClock' | 'vaultStore'> {
  readonly random: Random;
}

/** Vaults tell their subscribers what becomes of their keys. */
export function connectVaults({ keyClock, vaultStore, random }: Surroundings, hub: EventHub): void {
  const tell = (event: VaultEvent) => {
    // An identifier that nobody sees is not drawn.
    if (hub.isSubscribed(event.vault.id)) hub.raise(vaultEvent(random.guid(), event));
  };
  keyClock.onEvent = tell;
  keyClock.isWatched = (vaultId) => hub.isSubscribed(vaultId);
  vaultStore.onPolicyChange = (vault) => tell({ what: 'policy-changed', vault });
}
