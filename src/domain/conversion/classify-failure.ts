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
  /** Nothing may be written in the subscription, or nothing is known of it: no other VM or disk of it. */
  | 'stop-subscription'
  /** No room for the size in its zone or region: the VM is tried again, no other is switched off. */
  | 'no-capacity'
  /** The subscription is not offered the size in the region. */
  | 'not-offered'
  /** The subscription may not have as many cores of the series in the region. */
  | 'no-quota';

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
    'stop-subscription',
    [
      'DisabledSubscription',
      'InvalidAuthenticationTokenTenant',
      'ReadOnlyDisabledSubscription',
      'SubscriptionDisabled',
      'SubscriptionNotFound',
    ],
  ],
  [
    'no-capacity',
    [
      'AllocationFailed',
      'OverconstrainedAllocationRequest',
      'OverconstrainedZonalAllocationRequest',
      'ZonalAllocationFailed',
    ],
  ],
  ['not-offered', ['NotAvailableForSubscription', 'SkuNotAvailable']],
  ['no-quota', ['QuotaExceeded', 'ResourceQuotaExceeded']],
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
  ['stop-subscription', /subscription .*\bis disabled\b/i],
  ['no-quota', /exceeding (approved|quota)|quota limit/i],
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
