import type { Random } from '../random.ts';
import { Collection, type Inventory } from '../resources/inventory.ts';
import { KeyClock } from './key-clock.ts';
import { KeyStore } from './key-store.ts';
import { HSM_TYPE, type ManagedHsm } from './managed-hsm.ts';
import { VAULT_TYPE, type Vault } from './vault.ts';
import { VaultStore } from './vault-store.ts';

/** All that holds keys, and what changes it. */
export interface KeyVaults {
  readonly vaults: Collection<Vault>;
  readonly hsms: Collection<ManagedHsm>;
  readonly keys: KeyStore;
  readonly keyClock: KeyClock;
  readonly vaultStore: VaultStore;
}

interface Surroundings {
  readonly inventory: Inventory;
  readonly random: Random;
  readonly speed: number;
}

export function createKeyVaults({ inventory, random, speed }: Surroundings): KeyVaults {
  const vaults = new Collection<Vault>(VAULT_TYPE, inventory);
  const hsms = new Collection<ManagedHsm>(HSM_TYPE, inventory);
  const keys = new KeyStore(vaults, hsms);
  return {
    vaults,
    hsms,
    keys,
    keyClock: new KeyClock({ keys, random, speed }),
    vaultStore: new VaultStore({ vaults, speed }),
  };
}
