import { createHash } from 'node:crypto';
import { userInfo } from 'node:os';

/** Who the app counts whoever sends this key as: the account that it runs under. */
export function localPerson(masterKey: string): string {
  return `${createHash('sha256').update(masterKey).digest('hex')} ${accountName()}`;
}

/** A container's account may be a number that has no name. */
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}
