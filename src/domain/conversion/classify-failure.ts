/** What an error of Azure's means for the work. */
export type FailureClass =
  /** Asked too often, or another operation is under way: the same call works later. */
  | 'throttled'
  /** Works once a stated condition holds, e.g. the VM is off. */
  | 'wait'
  /** Never works for this disk or VM; a person must change something. */
  | 'refuse'
  /** The key behind the disk encryption set, or the right to use it: no other disk may try it. */
  | 'stop-set'
  /** The VM is converted but does not come back by itself: a person must know. */
  | 'escalate';

/** An error as Azure words it. */
export interface AzureFailure {
  /** ARM's code, verbatim. */
  readonly code: string;
  readonly message: string;
  /** Codes of `innererror` and `details`, if any. */
  readonly innerCodes?: readonly string[];
}

type Rule = readonly [FailureClass, codes: readonly string[]];

/**
 * By code alone. What is not here is refused: unknown never turns into a repetition.
 *
 * Source: https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors,
 * https://learn.microsoft.com/azure/virtual-machines/error-codes-spot, https://learn.microsoft.com/azure/key-vault/general/rest-error-codes, and public reports
 * of the codes that no page lists.
 */
const BY_CODE: readonly Rule[] = [
  [
    'throttled',
    [
      'AnotherOperationInProgress',
      'AttachDiskWhileBeingDetached',
      'Conflict',
      'ConflictError',
      'ConflictingUserInput',
      'OperationPreempted',
      'RetryableError',
      'TooManyRequests',
    ],
  ],
  [
    'stop-set',
    [
      'AuthorizationFailed',
      'InternalDiskManagementError',
      'KeyVaultAccessForbidden',
      'KeyVaultAccessTokenCannotBeAcquired',
      'KeyVaultEncryptionKeyNotFound',
      'KeyVaultKeyNotEnabled',
      'KeyVaultKeyNotFound',
      'LinkedAuthorizationFailed',
      'ManagedServiceIdentityNotFound',
    ],
  ],
  [
    'escalate',
    [
      'AllocationFailed',
      'OverconstrainedAllocationRequest',
      'OverconstrainedZonalAllocationRequest',
      'SkuNotAvailable',
      'ZonalAllocationFailed',
    ],
  ],
  [
    'refuse',
    [
      'DirectDriveDiskNotSupportUserAssignedIdentityDes',
      'InvalidParameter',
      'NotFound',
      'PropertyChangeNotAllowed',
      'RequestDisallowedByPolicy',
      'ResourceNotFound',
      'ScopeLocked',
    ],
  ],
];

/** Codes that stand for several things: the text decides. Same source. */
const BY_TEXT: readonly (readonly [FailureClass, RegExp])[] = [
  ['refuse', /previously encrypted|incremental snapshots?|restore points?/i],
  ['wait', /attached to (a )?running VM/i],
  ['stop-set', /key (vault|is expired|used for disk encryption set)|previous identity update/i],
];

/**
 * Says what an error means, by its code, then the codes within, then its text. Total.
 *
 * A message is only a hint: it decides where no code does.
 */
export function classifyFailure({ code, message, innerCodes = [] }: AzureFailure): FailureClass {
  for (const each of [code, ...innerCodes]) {
    const found = BY_CODE.find(([, codes]) => codes.includes(each));
    if (found) return found[0];
  }
  return BY_TEXT.find(([, fragment]) => fragment.test(message))?.[0] ?? 'refuse';
}
