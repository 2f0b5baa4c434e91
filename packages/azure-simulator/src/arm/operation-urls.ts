import { Random } from '../random.ts';
import type { Operation } from './operation.ts';
import type { Call } from './route.ts';

/**
 * Since October 2023 polling URLs are signed and 3.1–3.5 kB long: a certificate `c`, a signature
 * `s` and a hash `h`. The letters mean nothing here; their number matters to header limits.
 *
 * Source: recorded answers 2023–2025 (lengths 2.7 kB, 342 and 43).
 */
const letters = new Random(0x5161);
const CERTIFICATE = letters.base64(2615);
const SIGNATURE = letters.base64(342);
const HASH = letters.base64(43);

/** The GUID of the region's partition; the same one stands in `x-ms-served-by`. */
function partitionOf(subscription: string, location: string): string {
  const chance = new Random(Math.floor(new Random(0).at(`${subscription}${location}`) * 2 ** 32));
  return chance.guid();
}

/** .NET ticks since the year 1, which is what `t` holds. */
function ticks(ms: number): string {
  return String(BigInt(ms) * 10_000n + 621_355_968_000_000_000n);
}

/** The two URLs at which an accepted operation is watched. */
export function operationHeaders(operation: Operation, call: Call): Record<string, string> {
  const { folder, location, resourceId } = operation.plan;
  const subscription = resourceId.split('/')[2] ?? '';
  const partition = partitionOf(subscription, location);
  const base = `https://management.azure.com/subscriptions/${subscription}/providers/Microsoft.Compute/locations/${location}/${folder}/${operation.id}?p=${partition}`;
  const tail = (ms: number) =>
    `&api-version=${call.apiVersion}&t=${ticks(ms)}&c=${CERTIFICATE}&s=${SIGNATURE}&h=${HASH}`;
  return {
    'azure-asyncoperation': `${base}${tail(operation.requestedAt)}`,
    location: `${base}&monitor=true${tail(operation.requestedAt + 1)}`,
    'x-ms-served-by': `${partition}_${ticks(operation.requestedAt)}`,
    ...(folder === 'operations' ? { 'azure-asyncnotification': 'Enabled' } : {}),
  };
}
