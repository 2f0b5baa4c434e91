import fc from 'fast-check';
import { type Disk, PLATFORM_KEY } from '../../src/domain/azure/disk.ts';
import type { DiskEncryptionSet } from '../../src/domain/azure/disk-encryption-set.ts';
import type { Key } from '../../src/domain/azure/key.ts';
import type { Lock } from '../../src/domain/azure/lock.ts';
import type { Permission } from '../../src/domain/azure/permission.ts';
import type { Reading } from '../../src/domain/azure/reading.ts';
import type { KeyRole, Vault } from '../../src/domain/azure/vault.ts';
import type { Vm } from '../../src/domain/azure/vm.ts';
import type { DiskFacts, Holder, Sharer } from '../../src/domain/gate/disk-facts.ts';
import type { KeyPolicyExemption, PolicyRefusal } from '../../src/domain/gate/judge-policies.ts';
import type { ConversionPolicy } from '../../src/domain/policy/conversion-policy.ts';
import {
  aDisk,
  aDiskEncryptionSet,
  aKey,
  aKeyRole,
  aPermission,
  aPolicy,
  aScope,
  aVault,
  aVm,
  CUSTOMER_KEY,
  DOUBLE_KEY,
  diskId,
  GROUP,
  KEY_URL,
  OTHER_SUBSCRIPTION,
  read,
  SUBSCRIPTION,
  setId,
  unreadable,
  VAULT_ID,
  vmId,
} from '../support/builders.ts';

/** The time that all arbitrary facts are about. */
export const NOW_MS = Date.UTC(2026, 5, 1);
const DAY_MS = 86_400_000;

/** Mostly the ordinary value, so that whole facts are ordinary often enough. */
function mostly<T>(ordinary: T, ...others: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof(
    { weight: 24, arbitrary: fc.constant(ordinary) },
    { weight: 2, arbitrary: fc.constantFrom(ordinary, ...others) },
  );
}

/** Text that Azure may send for any enumeration, including members of every object. */
function mostlyText(ordinary: string, ...others: readonly string[]): fc.Arbitrary<string> {
  const odd = fc.oneof(fc.string(), fc.constantFrom('constructor', '__proto__', 'toString'));
  return fc.oneof(
    { weight: 30, arbitrary: mostly(ordinary, ...others) },
    { weight: 1, arbitrary: odd },
  );
}

function someReading<T>(value: fc.Arbitrary<T>): fc.Arbitrary<Reading<T>> {
  return fc.oneof(
    { weight: 30, arbitrary: value.map(read) },
    { weight: 1, arbitrary: fc.constant(unreadable()) },
  );
}

export function someDisk(): fc.Arbitrary<Disk> {
  return fc
    .record({
      id: mostlyText(diskId('data-1'), diskId('x-ASRReplica'), diskId('d', `${GROUP}-2`)),
      region: mostly('westeurope', 'WestEurope', 'northeurope'),
      encryptionType: mostly(PLATFORM_KEY, CUSTOMER_KEY, DOUBLE_KEY),
      diskEncryptionSetId: mostly<string | null>(null, setId('des-weu'), setId('other')),
      diskState: mostlyText('Reserved', 'Attached', 'Unattached', 'ActiveSAS', 'Frozen'),
      managedBy: mostly<string | null>(null, vmId('vm-1'), setId('x'), 'x'),
      sharers: mostly<readonly string[]>([], [vmId('vm-1'), vmId('vm-2')]),
      maxShares: mostly(1, 2),
      sku: mostlyText('Premium_LRS', 'PremiumV2_LRS', 'UltraSSD_LRS'),
      hasDiskEncryptionSettings: mostly(false, true),
      completionPercent: mostly<number | null>(null, 100, 40),
      securityType: mostly<string | null>(null, 'TrustedLaunch', 'ConfidentialVM_X'),
      tags: mostly<Record<string, string>>({}, { 'kubernetes.io-created-for-pvc-name': 'pvc' }),
    })
    .map(aDisk);
}

function someSet(): fc.Arbitrary<DiskEncryptionSet> {
  const otherId = setId('des', GROUP.replace(SUBSCRIPTION, OTHER_SUBSCRIPTION));
  const error = { code: 'ManagedServiceIdentityNotFound', message: '' };
  return fc
    .record({
      id: mostlyText(setId('des-weu'), otherId),
      region: mostly('westeurope', 'northeurope'),
      encryptionType: mostlyText(
        CUSTOMER_KEY,
        DOUBLE_KEY,
        'ConfidentialVmEncryptedWithCustomerKey',
      ),
      provisioningState: mostlyText('Succeeded', 'Updating'),
      keyUrl: mostly<string | null>(KEY_URL, null),
      identityType: mostly<string | null>('SystemAssigned', 'UserAssigned', null),
      autoKeyRotationError: mostly<DiskEncryptionSet['autoKeyRotationError']>(null, error),
    })
    .map(aDiskEncryptionSet);
}

function someKey(): fc.Arbitrary<Key> {
  const time = mostly<number | null>(null, NOW_MS - 1, NOW_MS + 1, NOW_MS + 90 * DAY_MS);
  return fc
    .record({ enabled: mostly(true, false), expiresAtMs: time, notBeforeMs: time })
    .map(aKey);
}

function someVault(): fc.Arbitrary<Vault> {
  return fc
    .record({
      kind: mostly<Vault['kind']>('vault', 'hsm'),
      region: mostlyText('westeurope', 'WestEurope', 'northeurope'),
      softDelete: mostly<boolean | null>(true, null, false),
      purgeProtection: mostly(true, false),
      reach: mostly<Vault['reach']>('open', 'closed', 'by-perimeter'),
    })
    .map(aVault);
}

const READ_ONLY: Lock = { name: 'lock', scope: GROUP, level: 'ReadOnly' };
const REFUSAL: PolicyRefusal = { assignmentId: `${GROUP}/deny`, reason: '' };
const EXEMPTION: KeyPolicyExemption = {
  id: 'x',
  scope: GROUP,
  expiresAtMs: null,
  isAboutKeys: true,
};

const OTHER_VM: Sharer = aVm({ id: vmId('vm-2'), powerState: 'deallocated' });

export function anyDiskFacts(disk: fc.Arbitrary<Disk> = someDisk()): fc.Arbitrary<DiskFacts> {
  const set = fc.record({
    id: fc.constant(setId('des-weu')),
    reading: someReading(fc.option(someSet(), { freq: 30 })),
  });
  const key = fc.record({
    url: fc.constant(KEY_URL),
    reading: someReading(fc.option(someKey(), { freq: 30 })),
  });
  const vault = fc.record({
    id: fc.constant(VAULT_ID),
    reading: someReading(fc.option(someVault(), { freq: 30 })),
  });
  return fc.record({
    disk,
    vm: mostly<Holder>(null, { id: vmId('vm-1'), tags: {} }),
    sharers: fc.oneof(
      { weight: 60, arbitrary: fc.constant(read([])) },
      { weight: 1, arbitrary: someReading(fc.constant<readonly Sharer[]>([OTHER_VM])) },
    ),
    groupManagedBy: someReading(mostly<string | null>(null, GROUP)),
    vault: fc.option(vault, { freq: 30 }),
    keyRoles: fc.option(someReading(mostly<readonly KeyRole[]>([aKeyRole()], [])), { freq: 30 }),
    groupKeyRoles: mostly<DiskFacts['groupKeyRoles']>(null, read([aKeyRole()])),
    policyRefusals: someReading(mostly<readonly PolicyRefusal[]>([], [REFUSAL])),
    policyExemptions: someReading(mostly<readonly KeyPolicyExemption[]>([], [EXEMPTION])),
    locks: someReading(mostly<readonly Lock[]>([], [READ_ONLY], [{ ...READ_ONLY, level: 'x' }])),
    rights: someReading(mostly<readonly Permission[]>([aPermission()], [])),
    set: fc.option(set, { freq: 30 }),
    key: fc.option(key, { freq: 30 }),
    incrementalSnapshots: someReading(mostly<readonly string[]>([], [diskId('s')])),
    restorePoints: someReading(mostly<readonly string[]>([], [diskId('p')])),
    subscription: fc.oneof(
      { weight: 60, arbitrary: fc.constant(read({ state: 'Enabled', tenantId: null })) },
      { weight: 1, arbitrary: someReading(fc.constant({ state: 'Disabled', tenantId: null })) },
    ),
  });
}

export function someVm(): fc.Arbitrary<Vm> {
  return fc
    .record({
      id: mostlyText(vmId('vm-1'), vmId('vm-1', `${GROUP}-2`)),
      powerState: fc.constantFrom<Vm['powerState'][]>(
        'running',
        'running',
        'running',
        'deallocated',
        'deallocated',
        'stopped',
        'starting',
        'stopping',
        'deallocating',
        'unknown',
      ),
      isHibernated: mostly(false, true),
      provisioningState: mostlyText('Succeeded', 'Updating', 'Failed', 'Canceled'),
      createdAtMs: mostly<number | null>(NOW_MS - DAY_MS, null, NOW_MS - 1, NOW_MS + 1),
      hasEphemeralOsDisk: mostly(false, true),
      hasUnmanagedDisk: mostly(false, true),
      hasDiskEncryptionExtension: mostly(false, true),
    })
    .map(aVm);
}

export function somePolicy(): fc.Arbitrary<ConversionPolicy> {
  const all = aScope(SUBSCRIPTION);
  return fc
    .record({
      mode: fc.constantFrom<ConversionPolicy['mode'][]>('report', 'enforce'),
      scope: mostly<ConversionPolicy['scope']>([all], [], [{ ...all, resourceGroups: ['x'] }]),
      mayDeallocate: mostly(true, false),
      settleMinutes: fc.constantFrom(0, 10, 1440),
      keyExpiryMarginDays: fc.constantFrom(0, 7, 365),
    })
    .map(aPolicy);
}
