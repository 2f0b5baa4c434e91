import type { ErrorBody } from '../arm/arm-error.ts';
import { azureTime } from '../arm/time.ts';
import type { ActiveKey, EncryptionSet } from './encryption-set.ts';
import { type KeySurroundings, mayUseKey } from './key-rules.ts';

type Rotation =
  | { readonly kind: 'none' }
  | { readonly kind: 'begin'; readonly activeKey: ActiveKey }
  | { readonly kind: 'finish' }
  | { readonly kind: 'fail'; readonly error: ErrorBody };

/**
 * Gives sets with automatic rotation the newest version of their key: begun in one round, finished
 * in the next, so that both happen within the hour. Answers the sets that changed.
 *
 * Source: "Server-side encryption of Azure Disk Storage", automatic key rotation; REST reference,
 * `previousKeys` and `autoKeyRotationError`. No recording has either.
 */
export function rotateKeys(around: KeySurroundings): readonly EncryptionSet[] {
  return around.sets.list().filter((set) => {
    const rotation = decideRotation(set, around);
    apply(set, rotation);
    return rotation.kind !== 'none';
  });
}

function decideRotation(set: EncryptionSet, around: KeySurroundings): Rotation {
  if (set.previousKeys.length > 0) return { kind: 'finish' };
  // Confidential sets do not rotate. Source: public reports.
  const rotates = set.autoRotation === true && !set.spec.encryptionType.startsWith('Confidential');
  if (!rotates || set.autoRotationError !== null) return { kind: 'none' };
  const newest = newestKeyUrl(set.activeKey.keyUrl, around);
  if (newest === null || newest === set.activeKey.keyUrl) return { kind: 'none' };
  const error = refusalOf(set, newest, around);
  if (error !== null) return { kind: 'fail', error };
  return { kind: 'begin', activeKey: { ...set.activeKey, keyUrl: newest } };
}

/** The newest version that can be used; `null` for a key that is gone, or named without a version. */
function newestKeyUrl(keyUrl: string, { keys }: KeySurroundings): string | null {
  const found = keys.find(keyUrl);
  if (!found || found.key.deletedAt !== undefined) return null;
  const usable = found.key.versions.findLast(({ enabled }) => enabled);
  const { version } = found.version;
  return usable && keyUrl.endsWith(version) ? keyUrl.replace(version, usable.version) : null;
}

/** Source: the first code is the reference's; the second is that of a disk's refusal, assumed. */
function refusalOf(set: EncryptionSet, keyUrl: string, around: KeySurroundings): ErrorBody | null {
  if (set.principalIds.length === 0) {
    return {
      code: 'ManagedServiceIdentityNotFound',
      message: `The managed identity of disk encryption set '${set.name}' was not found.`,
    };
  }
  if (mayUseKey(set, keyUrl, around)) return null;
  return {
    code: 'KeyVaultAccessForbidden',
    message: `Unable to access key vault resource '${keyUrl}' to enable encryption at rest. Please grant get, wrap and unwrap key permissions to disk encryption set '${set.name}'. Please visit https://aka.ms/keyvaultaccessssecmk for more information.`,
  };
}

function apply(set: EncryptionSet, rotation: Rotation): void {
  if (rotation.kind === 'begin') {
    set.previousKeys = [set.activeKey];
    set.activeKey = rotation.activeKey;
  }
  if (rotation.kind === 'finish') {
    set.previousKeys = [];
    set.lastKeyRotation = azureTime(Date.now());
  }
  if (rotation.kind === 'fail') set.autoRotationError = rotation.error;
}
