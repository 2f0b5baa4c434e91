import type { Disk } from './disk.ts';

export const DOUBLE_ENCRYPTION = 'EncryptionAtRestWithPlatformAndCustomerKeys';

/**
 * Premium SSD v2 and Ultra.
 *
 * Source: "Restrictions" of customer-managed keys for managed disks.
 */
export function isHighEnd({ sku }: Pick<Disk, 'sku'>): boolean {
  return ['premiumv2_lrs', 'ultrassd_lrs'].includes(sku.toLowerCase());
}
