/** A subscription as Azure shows it, reduced to what decisions need. */
export interface Subscription {
  /** `Enabled`, or e.g. `Disabled`, `Warned`, `PastDue`, `Deleted`. */
  readonly state: string;
  /** The directory that it belongs to; null where Azure does not say. */
  readonly tenantId: string | null;
}
