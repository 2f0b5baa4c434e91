import type { ArmError } from '../arm/arm-error.ts';
import type { Call } from '../arm/route.ts';
import type { RoleStore } from '../authorization/role-store.ts';
import type { Host } from '../gateway.ts';
import { judgeToken } from '../identity/judge-token.ts';
import type { Collection } from '../resources/inventory.ts';
import type { StorageAccount } from './storage-account.ts';
import { TableAccess } from './table-access.ts';
import { tableError, tableRefusal } from './table-error.ts';
import { tableRoutes } from './table-routes.ts';

const HOST = /^([a-z0-9]{3,24})\.table\.core\.windows\.net$/;
const AUDIENCES = ['https://storage.azure.com', 'https://storage.azure.com/'];

interface Surroundings {
  readonly storageAccounts: Collection<StorageAccount>;
  readonly roles: RoleStore;
  readonly tenantId: string;
}

/** The tables of storage accounts, at the host name of each. Tokens only: no shared keys, no SAS. */
export function tableHost({ storageAccounts, roles, tenantId }: Surroundings): Host {
  const accountAt = ({ hostname }: URL) => {
    const [, name] = HOST.exec(hostname) ?? [];
    return storageAccounts.list().find((it) => it.name === name);
  };
  const open = (call: Call) => {
    const account = accountAt(call.url);
    if (!account) throw tableError('ResourceNotFound');
    return { store: account.tables, access: new TableAccess(roles, call, account.id) };
  };
  return {
    // An account that does not exist has no host name either.
    serves: (url) => accountAt(url) !== undefined,
    isResourceManager: false,
    judgeCaller: (authorization) => judgeStorageToken(authorization, tenantId),
    refuseBadRequest: () => {},
    headers: tableHeaders,
    refusal: tableRefusal,
    routes: tableRoutes(open),
  };
}

/** Source: "Authorize with Microsoft Entra ID", bearer challenge; texts of "Common REST API error codes". */
function judgeStorageToken(authorization: string | undefined, tenantId: string): ArmError | null {
  const headers = {
    'www-authenticate': `Bearer authorization_uri=https://login.microsoftonline.com/${tenantId}/oauth2/authorize resource_id=https://storage.azure.com`,
  };
  if (authorization === undefined) {
    return tableError('NoAuthenticationInformation', { headers });
  }
  const fault = judgeToken(authorization, { audiences: AUDIENCES, tenantId, now: Date.now() });
  if (fault === null) return null;
  // Assumed: the code for each of them.
  return fault.kind === 'no-bearer'
    ? tableError('AuthenticationFailed')
    : tableError('InvalidAuthenticationInfo', { headers });
}

/** Headers of every answer. Source: REST reference, Table service, response headers. */
function tableHeaders({ requestId, headers }: Call): Record<string, string> {
  const clientRequestId = headers['x-ms-client-request-id'];
  return {
    'cache-control': 'no-cache',
    server: 'Windows-Azure-Table/1.0 Microsoft-HTTPAPI/2.0',
    'x-content-type-options': 'nosniff',
    'x-ms-request-id': requestId,
    'x-ms-version': headers['x-ms-version'] ?? '2019-02-02',
    ...(clientRequestId ? { 'x-ms-client-request-id': clientRequestId } : {}),
    date: new Date().toUTCString(),
  };
}
