import { eventTime } from '../arm/time.ts';
import type { GridEvent } from '../event-grid/event.ts';
import {
  type EndOfVersion,
  type KeyVault,
  type KeyVersion,
  keyUrl,
  type VaultKey,
} from './key-vault.ts';

/** What a vault tells its subscribers. Managed HSMs tell nothing. */
export type VaultEvent =
  | {
      readonly what: 'new-version' | EndOfVersion;
      readonly vault: KeyVault;
      readonly key: VaultKey;
      readonly version: KeyVersion;
    }
  | { readonly what: 'policy-changed'; readonly vault: KeyVault };

const TYPES = {
  'new-version': 'KeyNewVersionCreated',
  'near-expiry': 'KeyNearExpiry',
  expired: 'KeyExpired',
  'policy-changed': 'VaultAccessPolicyChanged',
} as const;

/**
 * The event as Event Grid delivers it.
 *
 * Source: "Azure Key Vault as Event Grid source". Times are numbers as declared, where the published
 * sample shows text, and absent when not set; the empty fields of a changed policy are assumed.
 */
export function vaultEvent(id: string, event: VaultEvent): GridEvent {
  const { what, vault } = event;
  return {
    id,
    kind: 'key-vault',
    topic: vault.id,
    type: `Microsoft.KeyVault.${TYPES[what]}`,
    subject: event.what === 'policy-changed' ? vault.name : event.key.name,
    time: eventTime(Date.now()),
    dataVersion: '1',
    data:
      event.what === 'policy-changed'
        ? { Id: vault.uri, VaultName: vault.name, ObjectType: '', ObjectName: '', Version: '' }
        : {
            Id: `${keyUrl(vault, event.key)}/${event.version.version}`,
            VaultName: vault.name,
            ObjectType: 'Key',
            ObjectName: event.key.name,
            Version: event.version.version,
            ...(event.version.notBefore === undefined ? {} : { NBF: event.version.notBefore }),
            ...(event.version.expires === undefined ? {} : { EXP: event.version.expires }),
          },
  };
}
