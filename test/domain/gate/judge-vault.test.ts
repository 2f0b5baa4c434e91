import { expect, test } from 'vitest';
import type { Reading } from '../../../src/domain/azure/reading.ts';
import type { Vault } from '../../../src/domain/azure/vault.ts';
import { judgeVault } from '../../../src/domain/gate/judge-vault.ts';
import { aDiskEncryptionSet, aVault, read, unreadable, VAULT_ID } from '../../support/builders.ts';

const SET = aDiskEncryptionSet();

test.for<[answer: string, code: string, reading: Reading<Vault | null>]>([
  ['blocked', 'vault-missing', read(null)],
  ['unreadable', 'vault-unreadable', unreadable()],
  ['blocked', 'vault-soft-delete', read(aVault({ softDelete: false }))],
  ['warn', 'vault-soft-delete', read(aVault({ softDelete: null }))],
  ['blocked', 'vault-purge-protection', read(aVault({ purgeProtection: false }))],
  ['blocked', 'vault-firewall', read(aVault({ reach: 'closed' }))],
  ['undecidable', 'vault-perimeter', read(aVault({ reach: 'by-perimeter' }))],
  ['blocked', 'vault-region', read(aVault({ region: 'northeurope' }))],
])('a vault is %s: %s', ([answer, code, reading]) => {
  expect(judgeVault(VAULT_ID, reading, SET)).toEqual([
    expect.objectContaining({ answer, code, target: VAULT_ID }),
  ]);
});

test('nothing is against a vault that is as it should be', () => {
  expect(judgeVault(VAULT_ID, read(aVault({ region: 'WestEurope' })), SET)).toEqual([]);
});

test('the regions of a vault and a set are the same in whatever case', () => {
  const vault = aVault({ region: 'westeurope' });

  expect(judgeVault(VAULT_ID, read(vault), { region: 'WestEurope' })).toEqual([]);
});
