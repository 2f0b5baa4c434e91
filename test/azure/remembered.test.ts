import { RestError } from '@azure/core-rest-pipeline';
import { withVirtualTime } from '@keyturn/functions-host/virtual-time';
import { expect, test } from 'vitest';
import type { Azure } from '../../src/azure/azure.ts';
import {
  aDisk,
  CUSTOMER_KEY,
  diskId,
  GROUP,
  KEY_URL,
  PRINCIPAL,
  SUBSCRIPTION,
  setId,
  VAULT_ID,
  vmId,
} from '../support/builders.ts';
import { anAzure } from './an-azure.ts';

const START = '2026-03-01T08:00:00Z';
const VM = vmId('vm-1');
const SCALE_SET = `${GROUP}/providers/Microsoft.Compute/virtualMachineScaleSets/vmss`;
const ENCRYPTION = { type: CUSTOMER_KEY, diskEncryptionSetId: setId('des') };

type Read = readonly [what: string, read: (azure: Azure) => Promise<unknown>];

/** What many VMs share. */
const SHARED: readonly Read[] = [
  ['rights', (azure) => azure.listPermissions(VM)],
  ['exemptions from policies', (azure) => azure.listKeyPolicyExemptions(VM)],
  ['policies', (azure) => azure.askPolicies(aDisk({ managedBy: VM }), ENCRYPTION)],
  ['sizes', (azure) => azure.listSizes({ id: VM, region: 'westeurope' })],
  ['a scale set', (azure) => azure.readScaleSet(SCALE_SET)],
  ['the subscription', (azure) => azure.readSubscription(SUBSCRIPTION)],
  ['who manages the resource group', (azure) => azure.readGroupManagedBy(VM)],
  ['a disk encryption set', (azure) => azure.readDiskEncryptionSet(setId('des'))],
  ['a key', (azure) => azure.readKey(KEY_URL)],
  ['where a vault is', (azure) => azure.findVault(KEY_URL)],
  ['a vault', (azure) => azure.readVault(VAULT_ID)],
  [
    'grants of a key',
    (azure) => azure.listKeyRoles({ vaultId: VAULT_ID, keyUrl: KEY_URL }, PRINCIPAL),
  ],
  ['public addresses', (azure) => azure.listDynamicAddresses(VM)],
  ['shutdown schedules', (azure) => azure.listScheduledVms(VM)],
];

/** What is about single disks and VMs, though it is listed for a whole subscription. */
const LISTED: readonly Read[] = [
  ['locks', (azure) => azure.listLocks(VM)],
  ['snapshots', (azure) => azure.listIncrementalSnapshots(aDisk())],
  ['restore points', (azure) => azure.listRestorePoints(VM)],
  ['running backups', (azure) => azure.listRunningBackups(VM)],
];

/** What is a VM's own, or what a person waits for. */
const FRESH: readonly Read[] = [
  ['a VM', (azure) => azure.readVm(VM)],
  ['a disk', (azure) => azure.readDisk(diskId('data-1'))],
  ['whether a resource group is there', (azure) => azure.hasResourceGroup(GROUP)],
];

const BODY = {
  id: VM,
  location: 'westeurope',
  value: [],
  data: [{ id: VAULT_ID }],
  properties: { activeKey: { keyUrl: KEY_URL } },
  key: { kid: KEY_URL, kty: 'RSA' },
  attributes: {},
};

/** How many calls a read made of the scripted Azure. */
function counting(reply: () => object | Error = () => ({ body: BODY })) {
  const { azure, requests } = anAzure(() => reply());
  const count = async (asked: () => Promise<unknown>) => {
    const before = requests.length;
    await asked();
    return requests.length - before;
  };
  return { azure, count };
}

test.for([
  ...SHARED.map((each) => [...each, 60_000] as const),
  ...LISTED.map((each) => [...each, 10_000] as const),
])('%s: read once by all who ask at once, and anew after a while', async ([, read, forMs]) => {
  await withVirtualTime(START, async (time) => {
    const { azure, count } = counting();
    // The first call on a vault is a challenge, without a token.
    const once = await count(() => read(azure));
    await time.advance(forMs);

    expect(await count(() => Promise.all([read(azure), read(azure)]))).toBe(once);
    await time.advance(forMs - 1);
    expect(await count(() => read(azure))).toBe(0);
    await time.advance(1);
    expect(await count(() => read(azure))).toBe(once);
  });
});

test.for(FRESH)('%s is read each time', async ([, read]) => {
  const { azure, count } = counting();

  expect(await count(() => read(azure))).toBe(1);
  expect(await count(() => read(azure))).toBe(1);
});

test.for<[what: string, failure: object | Error]>([
  ['a refusal', { status: 403, body: { error: { code: 'AuthorizationFailed', message: '' } } }],
  ['a throttling', { status: 429, headers: { 'retry-after': '5' } }],
  ['an outage', { status: 503 }],
  ['no network', new RestError('No network.', { code: 'ECONNRESET' })],
])('%s is kept for nobody', async ([, failure]) => {
  for (const [what, read] of [...SHARED, ...LISTED]) {
    let isBroken = true;
    const { azure } = counting(() => (isBroken ? failure : { body: BODY }));
    const statusOf = (answer: unknown) => (answer as { readonly status: string }).status;

    const failed = await read(azure).then(statusOf, () => 'unavailable');
    isBroken = false;

    expect({ what, failed }).not.toEqual({ what, failed: 'ok' });
    expect({ what, later: statusOf(await read(azure)) }).toEqual({ what, later: 'ok' });
  }
});

test('the tags of a VM are read anew for each question to Azure Policy, which is asked once', async () => {
  let tags: object = { env: 'prod' };
  const { azure, requests } = anAzure(({ pathname }) =>
    pathname.endsWith('/checkPolicyRestrictions')
      ? { body: {} }
      : { body: { ...BODY, value: [{ id: 'an assignment' }], tags } },
  );
  await azure.askPoliciesOfTag(VM, 'other');
  const asked = async () => {
    requests.splice(0);
    await azure.askPoliciesOfTag(VM, 'mark');
    return requests.map(({ method }) => method);
  };

  expect(await asked()).toEqual(['GET', 'POST']);
  expect(await asked()).toEqual(['GET']);
  tags = { env: 'test' };
  expect(await asked()).toEqual(['GET', 'POST']);
});

test.for<Read>([
  ['a key that is disabled', (azure) => azure.readKey(KEY_URL)],
  ['a disk encryption set that failed', (azure) => azure.readDiskEncryptionSet(setId('des'))],
])('%s may be mended the next moment, and is read anew', async ([, read]) => {
  const { azure, count } = counting(() => ({
    body: { ...BODY, attributes: { enabled: false }, properties: { provisioningState: 'Failed' } },
  }));
  await read(azure);

  expect(await count(() => read(azure))).toBe(1);
});
