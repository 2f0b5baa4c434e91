import { expect, test } from 'vitest';
import {
  classifyFailure,
  type FailureClass,
} from '../../../src/domain/conversion/classify-failure.ts';

type Case = [expected: FailureClass, code: string, message: string, innerCodes?: string[]];

test.for<Case>([
  ['throttled', 'TooManyRequests', 'Retry later.'],
  ['throttled', 'AnotherOperationInProgress', 'Another operation is in progress.'],
  [
    'wait',
    'OperationNotAllowed',
    'Cannot change encryption of disk d while attached to running VM v.',
  ],
  ['refuse', 'OperationNotAllowed', 'Disk d was previously encrypted with Azure Disk Encryption.'],
  ['refuse', 'OperationNotAllowed', 'Disk d already has incremental snapshots.'],
  [
    'refuse',
    'PropertyChangeNotAllowed',
    "Changing property 'encryption.diskEncryptionSetId' is not allowed.",
  ],
  ['refuse', 'InvalidParameter', 'Resource encrypted with platform key has a set.'],
  ['refuse', 'RequestDisallowedByPolicy', 'Disallowed by policy.'],
  ['refuse', 'ScopeLocked', 'The scope is locked.'],
  ['refuse', 'DirectDriveDiskNotSupportUserAssignedIdentityDes', ''],
  ['stop-set', 'KeyVaultAccessForbidden', 'Unable to access key vault resource.'],
  ['stop-set', 'KeyVaultAccessTokenCannotBeAcquired', ''],
  ['stop-set', 'KeyVaultKeyNotEnabled', 'The key must be enabled.'],
  ['stop-set', 'ManagedServiceIdentityNotFound', ''],
  ['stop-set', 'LinkedAuthorizationFailed', ''],
  ['stop-set', 'AuthorizationFailed', ''],
  ['stop-set', 'InternalDiskManagementError', 'Encryption scope is not available.'],
  ['stop-set', 'Whatever', 'Unable to access. Key is expired.'],
  ['stop-set', 'BadRequest', 'Refused.', ['Other', 'KeyVaultKeyNotFound']],
  ['stop-set', 'BadRequest', 'Previous identity update is in failed state.'],
  ['no-capacity', 'AllocationFailed', ''],
  ['no-capacity', 'ZonalAllocationFailed', ''],
  ['no-capacity', 'OverconstrainedAllocationRequest', ''],
  ['no-capacity', 'OverconstrainedZonalAllocationRequest', ''],
  ['not-offered', 'SkuNotAvailable', ''],
  ['no-quota', 'QuotaExceeded', ''],
  [
    'no-quota',
    'OperationNotAllowed',
    'Operation could not be completed as it results in exceeding approved standardESv5Family Cores quota.',
  ],
  ['no-quota', 'OperationNotAllowed', 'Operation results in exceeding quota limits of Core.'],
  ['stop-subscription', 'ReadOnlyDisabledSubscription', 'It is disabled.'],
  ['stop-subscription', 'SubscriptionNotFound', ''],
  ['stop-subscription', 'InvalidAuthenticationTokenTenant', ''],
  ['stop-subscription', 'Conflicted', "The subscription 'x' is disabled."],
  ['refuse', 'NeverHeardOf', 'Something new.'],
  ['refuse', '', ''],
])('%s: %s %s', ([expected, code, message, innerCodes]) => {
  expect(classifyFailure({ code, message, ...(innerCodes ? { innerCodes } : {}) })).toBe(expected);
});

test('the outer code outweighs the codes within, and any code the text', () => {
  expect(
    classifyFailure({ code: 'ScopeLocked', message: 'key vault', innerCodes: ['Conflict'] }),
  ).toBe('refuse');
  expect(classifyFailure({ code: 'AllocationFailed', message: 'key is expired' })).toBe(
    'no-capacity',
  );
});

test.for([
  ['DirectDriveDiskNotSupportUserAssignedIdentityDes'],
  ['InvalidParameter'],
  ['NotFound'],
  ['PropertyChangeNotAllowed'],
  ['RequestDisallowedByPolicy'],
  ['ResourceNotFound'],
  ['ScopeLocked'],
])('%s is refused, whatever its text reminds of', ([code = '']) => {
  expect(classifyFailure({ code, message: 'The key vault is attached to running VM v.' })).toBe(
    'refuse',
  );
});

test.for<[expected: FailureClass, message: string]>([
  ['refuse', 'The disk has RESTORE POINTS, and its key vault is there.'],
  ['wait', 'The disk is attached to a Running VM.'],
  ['stop-set', 'The KEY VAULT is gone.'],
])('%s by its text in whatever case: %s', ([expected, message]) => {
  expect(classifyFailure({ code: 'OperationNotAllowed', message })).toBe(expected);
});
