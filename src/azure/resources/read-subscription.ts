import { type ArmConnection, armClients } from '../arm/arm-clients.ts';
import { type ArmRequest, armRequest } from '../arm/arm-request.ts';
import { AzureUnavailableError, ask } from '../arm/errors.ts';
import { linesOf, pagesOf, type Read, type Resource } from '../arm/pages.ts';

/** What of a subscription concerns disk encryption, read with the right to read alone. */
export interface Subscription {
  readonly subscriptionId: string;
  readonly tenantId: string | null;
  /** The subscription itself, with the management groups above it. */
  readonly container: Resource;
  readonly groups: readonly Resource[];
  readonly disks: readonly Resource[];
  readonly machines: readonly Resource[];
  /** Machines again, with `properties.instanceView`. */
  readonly statuses: readonly Resource[];
  readonly encryptionSets: readonly Resource[];
  readonly snapshots: readonly Resource[];
  readonly vaults: readonly Resource[];
  /** Attributes of keys by lower-case vault ID; `null` where they may not be read. No key material. */
  readonly keys: ReadonlyMap<string, readonly Resource[] | null>;
  /** With their points. */
  readonly restorePoints: readonly Resource[];
  readonly locks: readonly Resource[];
  readonly networkInterfaces: readonly Resource[];
  readonly publicAddresses: readonly Resource[];
  readonly shutdownSchedules: readonly Resource[];
  /** In the subscription, and above it. */
  readonly policyAssignments: readonly Resource[];
  readonly policyExemptions: readonly Resource[];
}

/** Azure refused, or does not show, what nothing can go without. */
export class ReadRefusedError extends Error {
  override readonly name = 'ReadRefusedError';
}

const SIGN_IN_FAILED = 'SignInFailed';
const OUTAGES = 4;
const OUTAGE_MS = 1_000;
const COMPUTE = '2024-07-01';
const LOCKS = '2020-05-01';
const VAULTS = '2023-07-01';
const ASSIGNMENTS = '2023-04-01';
const EXEMPTIONS = '2022-07-01-preview';
const TABLES = {
  disks: 'microsoft.compute/disks',
  encryptionSets: 'microsoft.compute/diskencryptionsets',
  snapshots: 'microsoft.compute/snapshots',
  vaults: 'microsoft.keyvault/vaults',
  networkInterfaces: 'microsoft.network/networkinterfaces',
  publicAddresses: 'microsoft.network/publicipaddresses',
  shutdownSchedules: 'microsoft.devtestlab/schedules',
} as const;

/**
 * Reads a subscription.
 *
 * @param wait sleeps when Azure throttles.
 * @throws ReadRefusedError with Azure's code, if it said one; AzureUnavailableError when Azure gave no answer.
 */
export async function readSubscription(
  connection: ArmConnection,
  subscriptionId: string,
  wait: (ms: number) => Promise<void>,
): Promise<Subscription> {
  const request = armRequest(connection);
  const { resourceGraph } = armClients(connection);
  const read = <T>(what: string, call: () => Promise<T>) => insist(what, call, wait);
  const graph = (table: string, type: string) =>
    linesOf(resourceGraph, subscriptionId, `${table} | where type =~ '${type}'`, read);
  const root = `/subscriptions/${subscriptionId}`;
  const list = (path: string, version: string) =>
    pagesOf(request, `${root}/providers/${path}`, version, read);

  const groups = await graph('ResourceContainers', GROUP_TYPE);
  const [container] = await graph('ResourceContainers', SUBSCRIPTION_TYPE);
  if (container === undefined) {
    throw new ReadRefusedError(`Azure does not show subscription ${subscriptionId}, or has none.`);
  }
  const disks = await graph('Resources', TABLES.disks);
  const vaults = await graph('Resources', TABLES.vaults);
  const collections = await list('Microsoft.Compute/restorePointCollections', COMPUTE);
  const tenantId = groups[0]?.['tenantId'];
  return {
    subscriptionId,
    tenantId: typeof tenantId === 'string' ? tenantId : null,
    container,
    groups,
    disks,
    vaults,
    machines: await list('Microsoft.Compute/virtualMachines', COMPUTE),
    statuses: await list('Microsoft.Compute/virtualMachines?statusOnly=true', COMPUTE),
    encryptionSets: await graph('Resources', TABLES.encryptionSets),
    snapshots: await graph('Resources', TABLES.snapshots),
    keys: await keysOf(vaults, request, read),
    restorePoints: await expanded(collections, request, read),
    locks: await list('Microsoft.Authorization/locks', LOCKS),
    networkInterfaces: await graph('Resources', TABLES.networkInterfaces),
    publicAddresses: await graph('Resources', TABLES.publicAddresses),
    shutdownSchedules: await graph('Resources', TABLES.shutdownSchedules),
    policyAssignments: await list('Microsoft.Authorization/policyAssignments', ASSIGNMENTS),
    policyExemptions: await list('Microsoft.Authorization/policyExemptions', EXEMPTIONS),
  };
}

const SUBSCRIPTION_TYPE = 'microsoft.resources/subscriptions';
const GROUP_TYPE = 'microsoft.resources/subscriptions/resourcegroups';

async function keysOf(vaults: readonly Resource[], request: ArmRequest, read: Read) {
  const keys = new Map<string, readonly Resource[] | null>();
  for (const { id } of vaults) {
    keys.set(id.toLowerCase(), await keysIn(id, request, read));
  }
  return keys;
}

/** A list tells neither type nor size, so each key is read as well. */
async function keysIn(
  vaultId: string,
  request: ArmRequest,
  read: Read,
): Promise<readonly Resource[] | null> {
  try {
    const listed = await pagesOf(request, `${vaultId}/keys`, VAULTS, read);
    const whole = listed.map(({ id }) =>
      read('read a key', () => request('GET', id, VAULTS) as Promise<Resource>),
    );
    return (await Promise.all(whole)).filter((key) => key !== null);
  } catch (error) {
    if (error instanceof ReadRefusedError) return null;
    throw error;
  }
}

async function expanded(
  collections: readonly Resource[],
  request: ArmRequest,
  read: Read,
): Promise<readonly Resource[]> {
  const found: Resource[] = [];
  for (const { id } of collections) {
    const path = `${id}?$expand=restorePoints`;
    const whole = await read('read restore points', () => request('GET', path, COMPUTE));
    if (whole !== null) found.push(whole as Resource);
  }
  return found;
}

/** Waits as often as Azure throttles, and a few times for an outage; `null` for what is not there. */
async function insist<T>(
  what: string,
  call: () => Promise<T>,
  wait: (ms: number) => Promise<void>,
): Promise<T | null> {
  for (let outages = 0; ; ) {
    const answer = await ask(what, call).catch((error: unknown) => {
      const isOver = outages >= OUTAGES || !(error instanceof AzureUnavailableError);
      if (isOver || error.code === SIGN_IN_FAILED) throw error;
      outages += 1;
      return { status: 'throttled', retryAfterMs: OUTAGE_MS * 2 ** outages } as const;
    });
    if (answer.status === 'ok') return answer.value;
    if (answer.status === 'refused') {
      throw new ReadRefusedError(`Azure refused to ${what}: ${answer.code}: ${answer.message}`);
    }
    await wait(answer.retryAfterMs);
  }
}
