import type { Key } from './key.ts';
import type { Reading } from './reading.ts';
import type { Verdict } from './verdict.ts';

const DAY_MS = 86_400_000;

/**
 * Judges whether a key can be relied on while a VM is off.
 *
 * A disabled, deleted or expired key keeps a VM from starting, so it must never be found out
 * after the deallocation. Source: "Server-side encryption of Azure Disk Storage", customer-managed
 * keys; what expiry does is disputed there, so it blocks.
 *
 * @param nowMs milliseconds since 1970.
 */
export function judgeKey(
  keyUrl: string,
  reading: Reading<Key | null>,
  nowMs: number,
  marginDays: number,
): Verdict {
  const verdict = (answer: Verdict['answer'], code: string, message: string): Verdict => ({
    answer,
    code,
    message,
    target: keyUrl,
  });
  const blocked = (code: string, message: string) => verdict('blocked', code, message);

  if (reading.status === 'unreadable') {
    return verdict('unreadable', 'key-unreadable', `The key could not be read: ${reading.message}`);
  }
  const key = reading.value;
  if (key === null) return blocked('key-missing', 'There is no such key; recover or replace it.');
  if (!key.enabled) return blocked('key-disabled', 'The key is disabled; enable it.');
  if (key.notBeforeMs !== null && key.notBeforeMs > nowMs) {
    return blocked('key-not-yet-valid', 'The key is not valid yet.');
  }
  if (key.expiresAtMs === null) return verdict('pass', 'key', 'The key is enabled.');

  const days = Math.floor((key.expiresAtMs - nowMs) / DAY_MS);
  if (key.expiresAtMs <= nowMs) return blocked('key-expired', 'The key has expired; rotate it.');
  if (key.expiresAtMs <= nowMs + marginDays * DAY_MS) {
    return blocked('key-near-expiry', `The key expires in ${days} days; rotate it first.`);
  }
  return verdict('pass', 'key', `The key is enabled and expires in ${days} days.`);
}
