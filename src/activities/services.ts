import type { Azure } from '../azure/azure.ts';
import type { ConversionPolicy } from '../domain/policy/conversion-policy.ts';
import type { Store } from '../store/store.ts';

/** What activities work with, handed over when they are registered. */
export interface Services {
  readonly azure: Azure;
  /**
   * The policy as it stands now, read again at each call: a narrowed scope takes effect on what
   * already waits. Management groups are expanded into their subscriptions.
   *
   * @throws ConfigError when the file has become unreadable; the VM is then not touched.
   */
  readonly policy: () => Promise<ConversionPolicy>;
  /** Journal, leases, stops, approvals and queue. */
  readonly store: Store;
}
