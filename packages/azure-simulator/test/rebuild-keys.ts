import { vi } from 'vitest';
import { groupOf, list, object, text } from './json.ts';
import type { Rebuilding } from './rebuilding.ts';
import type { Json } from './recorded.ts';

export function vault(again: Rebuilding, recorded: Json): void {
  const properties = object(recorded, 'properties');
  again.simulator.estate.addVault({
    name: text(recorded, 'name'),
    group: groupOf(text(recorded, 'id')),
    rbac: properties['enableRbacAuthorization'] === true,
    purgeProtection: properties['enablePurgeProtection'] === true,
    retentionDays: Number(properties['softDeleteRetentionInDays']),
    firewall: 'networkAcls' in properties ? 'trusted-services' : 'none',
  });
}

export async function key(again: Rebuilding, recorded: Json): Promise<void> {
  const { hostname, pathname } = again.url;
  const [vaultName = ''] = hostname.split('.');
  const name = pathname.split('/')[2] ?? 'test';
  const attributes = object(recorded, 'attributes');
  const { estate } = again.simulator;
  estate.addVault({ name: vaultName, retentionDays: Number(attributes['recoverableDays'] ?? 90) });
  const isOpen = !('exp' in attributes);
  const url = estate.addKey(vaultName, { name, ...(isOpen ? { expiresInDays: null } : {}) });
  const call = async (method: string, path: string, body: unknown) => {
    const target = new URL(path, again.url);
    target.search = again.url.search;
    const headers = { authorization: 'Bearer static', 'content-type': 'application/json' };
    await again.simulator.handle(
      new Request(target, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) }),
    );
  };
  const nbf = attributes['nbf'];
  const items = list(recorded, 'value');
  const tags = recorded['tags'] ?? items.find((it) => it['tags'])?.['tags'];
  if (tags || nbf) await call('PATCH', url, { tags, ...(nbf ? { attributes: { nbf } } : {}) });
  if (pathname.endsWith('/rotationpolicy') && recorded['id']) {
    await call('PUT', pathname, { ...recorded });
  }
  if (pathname.startsWith('/deletedkeys')) {
    await call('DELETE', `/keys/${name}`, null);
    vi.setSystemTime(Date.now() + 60_000);
  }
}
