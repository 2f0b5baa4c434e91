import type { Permission } from './permission.ts';

/** A key vault or managed HSM as Resource Manager shows it, reduced to what disks need of it. */
export interface Vault {
  readonly id: string;
  readonly kind: 'vault' | 'hsm';
  readonly region: string;
  /** The directory whose identities it knows; null when Azure does not say. */
  readonly tenantId: string | null;
  /** Null when Azure does not say. */
  readonly softDelete: boolean | null;
  readonly purgeProtection: boolean;
  /** Whether Azure's own trusted services get through the firewall. */
  readonly reach: 'open' | 'closed' | 'by-perimeter';
  /** Whether roles say who may use its keys; else its access policies do. */
  readonly goesByRoles: boolean;
  readonly accessPolicies: readonly AccessPolicy[];
}

export interface AccessPolicy {
  /** The directory of whom it is for; null when Azure does not say. */
  readonly tenantId: string | null;
  readonly objectId: string;
  /** Whether it holds only for who comes through a certain application. */
  readonly isForApplication: boolean;
  /** Lower case, e.g. `wrapkey`, `all`. */
  readonly keys: readonly string[];
}

/** What an identity may do with a key by one of its roles. */
export interface KeyRole {
  readonly permissions: readonly Permission[];
  /** Whether the assignment has a condition, which is not evaluated. */
  readonly isConditional: boolean;
}
