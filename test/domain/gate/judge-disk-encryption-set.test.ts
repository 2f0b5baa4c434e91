import { describe, expect, test } from 'vitest';
import type { Disk } from '../../../src/domain/azure/disk.ts';
import type { DiskEncryptionSet } from '../../../src/domain/azure/disk-encryption-set.ts';
import type { Reading } from '../../../src/domain/azure/reading.ts';
import {
  judgeDiskEncryptionSet,
  judgeFit,
} from '../../../src/domain/gate/judge-disk-encryption-set.ts';
import {
  aDisk,
  aDiskEncryptionSet,
  DOUBLE_KEY,
  GROUP,
  OTHER_SUBSCRIPTION,
  read,
  SUBSCRIPTION,
  setId,
  unreadable,
} from '../../support/builders.ts';

const SET_ID = setId('des-weu');
const CONFIDENTIAL = 'ConfidentialVmEncryptedWithCustomerKey';
const ROTATION_ERROR = { code: 'ManagedServiceIdentityNotFound', message: 'It was deleted.' };

describe('judgeDiskEncryptionSet', () => {
  test.for<[answer: string, code: string, reading: Reading<DiskEncryptionSet | null>]>([
    ['pass', 'set', read(aDiskEncryptionSet())],
    ['pass', 'set', read(aDiskEncryptionSet({ encryptionType: DOUBLE_KEY, identityType: null }))],
    ['unreadable', 'set-unreadable', unreadable()],
    ['blocked', 'set-missing', read(null)],
    ['blocked', 'set-not-ready', read(aDiskEncryptionSet({ provisioningState: 'Updating' }))],
    ['blocked', 'set-not-ready', read(aDiskEncryptionSet({ provisioningState: 'Failed' }))],
    [
      'blocked',
      'set-rotation-failed',
      read(aDiskEncryptionSet({ autoKeyRotationError: ROTATION_ERROR })),
    ],
    ['blocked', 'set-without-key', read(aDiskEncryptionSet({ keyUrl: null }))],
    [
      'blocked',
      'set-for-confidential-vms',
      read(aDiskEncryptionSet({ encryptionType: CONFIDENTIAL })),
    ],
  ])('answers %s: %s', ([answer, code, reading]) => {
    expect(judgeDiskEncryptionSet(SET_ID, reading)).toEqual([
      expect.objectContaining({ answer, code, target: SET_ID }),
    ]);
  });

  test('tells everything that is wrong at once', () => {
    const set = aDiskEncryptionSet({
      provisioningState: 'Failed',
      autoKeyRotationError: ROTATION_ERROR,
      keyUrl: null,
      encryptionType: CONFIDENTIAL,
    });

    expect(judgeDiskEncryptionSet(SET_ID, read(set)).map(({ code }) => code)).toEqual([
      'set-not-ready',
      'set-rotation-failed',
      'set-without-key',
      'set-for-confidential-vms',
    ]);
  });

  test('passes on what Azure said', () => {
    const set = aDiskEncryptionSet({
      provisioningState: 'Canceled',
      autoKeyRotationError: ROTATION_ERROR,
    });

    const messages = judgeDiskEncryptionSet(SET_ID, read(set)).map(({ message }) => message);
    expect(messages[0]).toContain('Canceled');
    expect(messages[1]).toContain('ManagedServiceIdentityNotFound It was deleted.');
    expect(judgeDiskEncryptionSet(SET_ID, unreadable('No right.'))[0]?.message).toContain(
      'No right.',
    );
  });
});

describe('judgeFit', () => {
  const elsewhere = setId('des-weu', GROUP.replace(SUBSCRIPTION, OTHER_SUBSCRIPTION));

  test.for<[code: string, disk: Partial<Disk>, set: Partial<DiskEncryptionSet>]>([
    ['region-mismatch', {}, { region: 'northeurope' }],
    ['subscription-mismatch', {}, { id: elsewhere }],
    ['double-encryption-unsupported', { sku: 'PremiumV2_LRS' }, { encryptionType: DOUBLE_KEY }],
    ['double-encryption-unsupported', { sku: 'UltraSSD_LRS' }, { encryptionType: DOUBLE_KEY }],
    [
      'user-assigned-identity-unsupported',
      { sku: 'PremiumV2_LRS' },
      { identityType: 'UserAssigned' },
    ],
    [
      'user-assigned-identity-unsupported',
      { sku: 'ULTRASSD_LRS' },
      { identityType: 'UserAssigned' },
    ],
  ])('blocks: %s', ([code, disk, set]) => {
    const verdicts = judgeFit(aDisk(disk), aDiskEncryptionSet(set), null);

    expect(verdicts).toEqual([
      expect.objectContaining({ answer: 'blocked', code, target: aDisk().id }),
    ]);
  });

  test.for<[what: string, disk: Partial<Disk>, set: Partial<DiskEncryptionSet>]>([
    ['an ordinary disk', {}, {}],
    ['another case of the region', { region: 'WestEurope' }, {}],
    ['another case of the subscription', { id: aDisk().id.toUpperCase() }, {}],
    ['another group of the subscription', {}, { id: setId('x', `${GROUP}-keys`) }],
    ['double encryption of Premium SSD', { sku: 'Premium_LRS' }, { encryptionType: DOUBLE_KEY }],
    ['a user-assigned identity for Premium SSD', {}, { identityType: 'UserAssigned' }],
    ['Premium SSD v2 with a system-assigned identity', { sku: 'PremiumV2_LRS' }, {}],
    ['both identities', { sku: 'UltraSSD_LRS' }, { identityType: 'SystemAssigned, UserAssigned' }],
  ])('has nothing against %s', ([, disk, set]) => {
    expect(judgeFit(aDisk(disk), aDiskEncryptionSet(set), null)).toEqual([]);
  });

  test('tells everything that does not fit at once', () => {
    const set = aDiskEncryptionSet({
      id: elsewhere,
      region: 'northeurope',
      encryptionType: DOUBLE_KEY,
      identityType: 'UserAssigned',
    });

    expect(judgeFit(aDisk({ sku: 'UltraSSD_LRS' }), set, null).map(({ code }) => code)).toEqual([
      'region-mismatch',
      'subscription-mismatch',
      'double-encryption-unsupported',
      'user-assigned-identity-unsupported',
    ]);
  });
});

test('a set that is ready passes, and says so', () => {
  expect(judgeDiskEncryptionSet(setId('des-weu'), read(aDiskEncryptionSet()))).toMatchObject([
    { answer: 'pass', code: 'set', message: 'The set is ready.' },
  ]);
});

test('the regions of a disk and a set are the same in whatever case', () => {
  const [disk, set] = [
    aDisk({ region: 'westeurope' }),
    aDiskEncryptionSet({ region: 'WestEurope' }),
  ];

  expect(judgeFit(disk, set, null)).toEqual([]);
});
