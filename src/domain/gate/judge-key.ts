import type { Key } from '../azure/key.ts';
import type { Reading } from '../azure/reading.ts';
import type { CheckCode } from './checks.ts';
import { type Verdict, verdict } from './verdict.ts';

const DAY_MS = 86_400_000;
const SIZES = [2048, 3072, 4096];
const OPERATIONS = ['wrapKey', 'unwrapKey'];

/**
 * Judges whether a key can be relied on while a VM is off.
 *
 * A disabled, deleted or expired key keeps a VM from starting, so it must never be found out
 * after the deallocation. Source: "Server-side encryption of Azure Disk Storage", customer-managed
 * keys, with the types and sizes that it allows; what expiry does is disputed there, so it blocks. What is
 * not among a key's operations is refused to everybody ("About keys", key operations).
 *
 * @param nowMs milliseconds since 1970.
 */
export function judgeKey(
  keyUrl: string,
  reading: Reading<Key | null>,
  nowMs: number,
  marginDays: number,
): Verdict {
  const blocked = (code: CheckCode, message: string) => verdict('blocked', code, message, keyUrl);
  const pass = (message: string) => verdict('pass', 'key', message, keyUrl);

  if (reading.status === 'unreadable') {
    const message = `The key could not be read: ${reading.message}`;
    return verdict('unreadable', 'key-unreadable', message, keyUrl);
  }
  const key = reading.value;
  if (key === null) return blocked('key-missing', 'There is no such key.');
  if (key.type !== null && !/^RSA(-HSM)?$/.test(key.type)) {
    return blocked('key-type-unsupported', `The key is ${key.type}; disks need RSA.`);
  }
  if (key.sizeBits !== null && !SIZES.includes(key.sizeBits)) {
    return blocked('key-size-unsupported', `The key has ${key.sizeBits} bits.`);
  }
  const forbidden = OPERATIONS.filter((each) => key.operations?.includes(each) === false);
  if (forbidden.length > 0) {
    const message = `The key does not allow ${forbidden.join(' and ')}, whoever asks.`;
    return blocked('key-operations-missing', message);
  }
  if (!key.enabled) return blocked('key-disabled', 'The key is disabled.');
  if (key.notBeforeMs !== null && key.notBeforeMs > nowMs) {
    return blocked('key-not-yet-valid', 'The key is not valid yet.');
  }
  if (key.expiresAtMs === null) return pass('The key is enabled.');

  const days = Math.floor((key.expiresAtMs - nowMs) / DAY_MS);
  if (key.expiresAtMs <= nowMs) return blocked('key-expired', 'The key has expired.');
  if (key.expiresAtMs <= nowMs + marginDays * DAY_MS) {
    return blocked('key-near-expiry', `The key expires in ${days} days.`);
  }
  return pass(`The key is enabled and expires in ${days} days.`);
}
