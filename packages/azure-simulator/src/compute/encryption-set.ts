import type { ErrorBody } from '../arm/arm-error.ts';
import type { Since } from '../arm/since.ts';
import { isObject, textAt } from '../resources/json.ts';
import type { ResourceBody } from '../resources/resource.ts';
import { TrackedResource } from '../resources/tracked-resource.ts';

export const SET_TYPE = 'Microsoft.Compute/diskEncryptionSets';

export interface ActiveKey {
  readonly sourceVault?: { readonly id: string };
  readonly keyUrl: string;
}

export interface EncryptionSetSpec {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly encryptionType: string;
  /** Whether the set's identity may use the key; `by-role` where roles or access policies say it. */
  readonly accessGranted: boolean | 'by-role';
}

/** The first api-version that shows a property, as far as recordings of older ones tell. */
export const SET_SINCE: Since = {
  encryptionType: '2020-05-01',
  rotationToLatestKeyVersionEnabled: '2020-12-01',
  lastKeyRotationTimestamp: '2021-04-01',
};

/** A disk encryption set. Source: 1,494 recorded bodies. */
export class EncryptionSet extends TrackedResource<EncryptionSetSpec> {
  readonly type = SET_TYPE;
  identity: Readonly<Record<string, unknown>> | undefined;
  /** The directory of its identities, whichever Azure shows. */
  tenantId: string;
  activeKey: ActiveKey;
  /** Absent in answers unless it was ever sent. */
  autoRotation: boolean | undefined;
  lastKeyRotation: string | undefined;
  /** What disks are being moved away from; empty but during an automatic rotation. */
  previousKeys: readonly ActiveKey[] = [];
  /** Why the automatic rotation has stopped; a write of the set starts it again. */
  autoRotationError: ErrorBody | null = null;
  /** The application that reaches a vault in another tenant; `None` clears it. */
  federatedClientId: string | undefined;
  provisioningState = 'Succeeded';

  constructor(
    spec: EncryptionSetSpec,
    changeable: {
      readonly activeKey: ActiveKey;
      readonly tenantId: string;
      readonly identity?: Readonly<Record<string, unknown>> | undefined;
      readonly autoRotation?: boolean | undefined;
      readonly tags?: Readonly<Record<string, string>> | undefined;
    },
  ) {
    super(spec, changeable.tags);
    this.activeKey = changeable.activeKey;
    this.identity = changeable.identity;
    this.tenantId = changeable.tenantId;
    this.autoRotation = changeable.autoRotation;
  }

  /** Object IDs of the identities with which the set goes to its vault. */
  get principalIds(): readonly string[] {
    const { principalId, userAssignedIdentities } = this.identity ?? {};
    const users = isObject(userAssignedIdentities) ? Object.values(userAssignedIdentities) : [];
    const all = [principalId, ...users.map((user) => textAt(user, 'principalId'))];
    return all.filter((id) => typeof id === 'string');
  }

  get usesUserAssignedIdentity(): boolean {
    return String(this.identity?.['type'] ?? '').includes('UserAssigned');
  }

  body(): ResourceBody {
    return {
      ...this.head(),
      ...(this.identity ? { identity: this.identity } : {}),
      properties: {
        activeKey: this.activeKey,
        encryptionType: this.spec.encryptionType,
        ...(this.previousKeys.length > 0 ? { previousKeys: this.previousKeys } : {}),
        ...(this.autoRotation === undefined
          ? {}
          : { rotationToLatestKeyVersionEnabled: this.autoRotation }),
        ...(this.federatedClientId ? { federatedClientId: this.federatedClientId } : {}),
        provisioningState: this.provisioningState,
        ...(this.lastKeyRotation ? { lastKeyRotationTimestamp: this.lastKeyRotation } : {}),
        ...(this.autoRotationError ? { autoKeyRotationError: this.autoRotationError } : {}),
      },
    };
  }
}
