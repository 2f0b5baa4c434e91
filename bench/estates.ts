import type { Simulator } from '@keyturn/azure-simulator/simulator';

/** The vault, key and disk encryption set that the usual policy names. */
export function addUsualSet({ estate }: Simulator): void {
  estate.addVault({
    name: 'kv-keyturn-weu',
    keys: [{ name: 'disks', sizeBits: 3072, expiresInDays: 365 }],
  });
  estate.addEncryptionSet({
    name: 'des-westeurope',
    group: 'rg-keys',
    location: 'westeurope',
    key: 'kv-keyturn-weu/disks',
  });
}

/** A VM that has long settled, with so many disks. */
export function addUsualVm({ estate }: Simulator, name: string, disks: number): void {
  estate.addVm({
    name,
    group: 'rg-app',
    location: 'westeurope',
    dataDisks: disks - 1,
    ageDays: 100,
  });
}
