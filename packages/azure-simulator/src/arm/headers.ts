import type { Call } from './route.ts';

/** Headers of every answer of the resource manager. Source: recorded answers 2024–2026. */
export function armHeaders({ requestId, correlationId }: Call): Record<string, string> {
  const now = new Date();
  const compact = now.toISOString().replace(/[-:]|\.\d+/g, '');
  return {
    'cache-control': 'no-cache',
    pragma: 'no-cache',
    expires: '-1',
    'content-type': 'application/json; charset=utf-8',
    date: now.toUTCString(),
    'strict-transport-security': 'max-age=31536000; includeSubDomains',
    'x-content-type-options': 'nosniff',
    'x-cache': 'CONFIG_NOCACHE',
    'x-ms-request-id': requestId,
    'x-ms-correlation-request-id': correlationId,
    'x-ms-routing-request-id': `WESTEUROPE:${compact}:${correlationId}`,
    'x-msedge-ref': `Ref A: ${requestId.replaceAll('-', '').toUpperCase()} Ref B: AMS231032608037 Ref C: ${now.toISOString().slice(0, 19)}Z`,
  };
}

/** Headers of every answer of a key vault. Source: recorded answers, service 1.9. */
export function vaultHeaders({ requestId }: Call): Record<string, string> {
  return {
    'cache-control': 'no-cache',
    pragma: 'no-cache',
    expires: '-1',
    'content-type': 'application/json; charset=utf-8',
    date: new Date().toUTCString(),
    'x-ms-keyvault-region': 'westeurope',
    'x-ms-keyvault-service-version': '1.9.2401.1',
    'x-ms-keyvault-network-info': 'conn_type=Ipv4;addr=192.0.2.10;act_addr_fam=InterNetwork;',
    'x-ms-request-id': requestId,
    'x-content-type-options': 'nosniff',
    'strict-transport-security': 'max-age=31536000;includeSubDomains',
  };
}
