import { createHash } from 'node:crypto';

/** What an instance is about; the first part of its ID. */
export type InstanceKind = 'vm' | 'disk' | 'notice' | 'turn' | 'late';

/**
 * The instance ID for a resource: one per VM or disk, whatever the case its ID came in.
 *
 * A digest, for clients put instance IDs into URLs unescaped, and storage forbids slashes.
 *
 * @param suffix makes another instance for the same resource, e.g. per event; may be anything.
 */
export function instanceIdFor(kind: InstanceKind, resourceId: string, suffix = ''): string {
  const text = suffix === '' ? resourceId.toLowerCase() : `${resourceId.toLowerCase()} ${suffix}`;
  return `${kind}-${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
}

/** Whether a text can be the ID of an instance that keyturn starts. */
export function isInstanceId(text: string): boolean {
  return /^(vm|disk|request)-[0-9a-f]{32}$/.test(text);
}
