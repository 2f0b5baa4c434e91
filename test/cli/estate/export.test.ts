import type { EstateDescription } from '@keyturn/azure-simulator/estate-description';
import { exampleEstate, parseEstate } from '@keyturn/azure-simulator/example-estate';
import { generateEstate } from '@keyturn/azure-simulator/generate-estate';
import { createSimulator, type Simulator } from '@keyturn/azure-simulator/simulator';
import { expect, test } from 'vitest';
import { CLOUDS } from '../../../src/azure/clouds.ts';
import { readSubscription } from '../../../src/azure/resources/read-subscription.ts';
import { describeSubscription } from '../../../src/cli/estate/describe-subscription.ts';
import { maskEstate } from '../../../src/cli/estate/mask-estate.ts';

const credential = {
  getToken: async () => ({ token: 'static', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }),
};

/** Reads a simulated subscription with the real clients. */
async function exported(simulator: Simulator): Promise<EstateDescription> {
  const connection = { credential, cloud: CLOUDS.AzureCloud, httpClient: simulator.httpClient };
  const wait = async () => {
    simulator.faults.clear();
    await new Promise((resolve) => setTimeout(resolve, 20));
  };
  const read = await readSubscription(connection, simulator.subscriptionId, wait);
  return describeSubscription(read, Date.now());
}

/** A whole description with all defaults, through a file and a simulator. */
function restored(estate: EstateDescription): Simulator {
  const parsed = parseEstate(JSON.parse(JSON.stringify(estate)));
  if ('errors' in parsed) throw new Error(parsed.errors.join('\n'));
  return createSimulator({ estate: parsed, speed: 1000 });
}

/** What a simulator holds, without what is drawn anew. */
function contents(simulator: Simulator) {
  const { disks, vms } = simulator.truth();
  const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
  return {
    disks: disks.toSorted(byId),
    vms: vms.map(({ id, powerState, tags }) => ({ id, powerState, tags })).toSorted(byId),
  };
}

const WISH = {
  vms: 60,
  disksPerVm: { least: 1, most: 4 },
  regions: ['westeurope', 'northeurope'],
  kinds: 'all',
  mistakes: 0.3,
  seed: 3,
} as const;

test.for<[name: string, estate: EstateDescription]>([
  ['the example', exampleEstate()],
  ['a generated one', generateEstate(WISH)],
])('an exported estate is the estate: %s', async ([, estate]) => {
  const original = createSimulator({ estate, speed: 1000 });

  const copy = await exported(original);

  const again = restored(copy);
  expect(contents(again)).toEqual(contents(original));
  const snapshots = (estate.snapshots ?? []).map((it) => ({ incremental: true, ...it }));
  expect(new Set(copy.snapshots)).toEqual(new Set(snapshots));
  expect(copy.restorePoints).toEqual(estate.restorePoints);
  expect(copy.locks).toEqual(estate.locks);
  expect(keyNames(copy)).toEqual(keyNames(estate));
  expect(original.truth().notSimulated).toEqual([]);
  // The copy of a copy has nothing left to lose.
  expect(JSON.parse(JSON.stringify(await exported(again)))).toEqual(
    JSON.parse(JSON.stringify(copy)),
  );
});

function keyNames({ vaults = [] }: EstateDescription): ReadonlySet<string> {
  return new Set(vaults.flatMap(({ name, keys = [] }) => keys.map((key) => `${name}/${key.name}`)));
}

test('states of keys come along', async () => {
  const copy = await exported(createSimulator({ estate: generateEstate(WISH), speed: 1000 }));

  const keys = copy.vaults?.[0]?.keys ?? [];
  expect(keys).toContainEqual(expect.objectContaining({ name: 'disks-disabled', enabled: false }));
  expect(keys).toContainEqual(
    expect.objectContaining({ name: 'disks-expired', expiresInDays: -3 }),
  );
  expect(keys).toContainEqual({ name: 'disks-deleted', deleted: true });
});

const SUBSCRIPTION = '5d4f6a0e-3c1b-4f7e-9a52-0c7e8b1d2f30';
const SETS = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-web/providers/Microsoft.Compute/diskEncryptionSets`;
const MANAGEMENT_GROUPS = '/providers/Microsoft.Management/managementGroups';
const TENANT = '8a1b6c3e-2f4d-4e5a-9b7c-6d0e1f2a3b4c';

/** What machines may lose, and who governs them. */
const GOVERNED: EstateDescription = {
  subscriptionId: SUBSCRIPTION,
  tenantId: TENANT,
  managementGroups: [
    { name: 'landing-zones', subscriptions: [SUBSCRIPTION], parent: 'corp' },
    { name: 'corp' },
  ],
  virtualMachines: [
    { name: 'vm-dynamic', group: 'rg-web', publicIp: 'dynamic', autoShutdown: '1900' },
    { name: 'vm-static', group: 'rg-web', publicIp: 'static', availabilitySet: 'avail-web' },
    { name: 'vm-spot', group: 'rg-web', spot: 'Deallocate' },
    { name: 'vm-spot-2', group: 'rg-web', spot: 'Delete', capacityReservation: 'reserved' },
    { name: 'vm-host', group: 'rg-web', dedicatedHost: 'hosts-web/host-web' },
    { name: 'vm-hosts', group: 'rg-web', dedicatedHost: 'hosts-web' },
  ],
  policyAssignments: [
    {
      name: 'keys-everywhere',
      policy: '702dd420-7fcc-42c5-afe8-4026edd20fe0',
      scope: `${MANAGEMENT_GROUPS}/corp`,
      parameters: { effect: 'Deny' },
      message: 'Ask the platform people.',
    },
    {
      name: 'keys-of-root',
      policy: '702dd420-7fcc-42c5-afe8-4026edd20fe0',
      scope: `${MANAGEMENT_GROUPS}/${TENANT}`,
      enforcementMode: 'DoNotEnforce',
    },
    {
      name: 'these-sets',
      policy: 'd461a302-a187-421a-89ac-84acdb4edc04',
      scope: `/subscriptions/${SUBSCRIPTION}`,
      notScopes: [`/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-lab`],
      parameters: { allowedEncryptionSets: [`${SETS}/des-web`] },
    },
  ],
  policyExemptions: [
    {
      name: 'until-spring',
      assignment: 'keys-everywhere',
      scope: `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-web`,
      category: 'Mitigated',
      expiresInDays: 30,
    },
  ],
};

/** A description by name of what is to be the same. */
function shown({ virtualMachines = [], ...estate }: EstateDescription) {
  const machines = virtualMachines.map(
    ({ name, publicIp, spot, dedicatedHost, capacityReservation, autoShutdown, ...vm }) => ({
      ...{ name, publicIp, spot, dedicatedHost, capacityReservation, autoShutdown },
      availabilitySet: vm.availabilitySet,
    }),
  );
  const { managementGroups, policyAssignments = [], policyExemptions } = estate;
  const governance = { managementGroups, policyExemptions };
  return { machines, ...governance, policyAssignments: new Set(policyAssignments) };
}

test('what machines may lose comes along, and who governs them', async () => {
  const copy = await exported(createSimulator({ estate: GOVERNED, speed: 1000 }));

  expect(shown(copy)).toEqual(shown(GOVERNED));
  const again = await exported(restored(copy));
  expect(shown(again)).toEqual(shown(GOVERNED));
});

test('a masked estate is governed alike', async () => {
  const copy = await exported(createSimulator({ estate: GOVERNED, speed: 1000 }));

  const masked = maskEstate(copy, new Uint8Array(32).fill(7));

  const text = JSON.stringify(masked);
  const names =
    /landing-zones|corp\b|keys-|these-sets|des-web|rg-web|rg-lab|until-spring|reserved|host-web|hosts-web|avail-web|platform people/i;
  expect(text).not.toMatch(names);
  expect(text).not.toContain(SUBSCRIPTION);
  expect(text).not.toContain(TENANT);
  const again = await exported(restored(masked));
  expect(shown(again)).toEqual(shown(masked));
});

test('throttling is waited for, and an outage is not the end', async () => {
  const simulator = createSimulator({ estate: exampleEstate(), speed: 1000 });
  simulator.faults.throttleNext({ path: /virtualMachines$/, times: 3 }, 1);
  simulator.faults.dropNext({ path: /locks$/ }, 'before');

  const copy = await exported(simulator);

  expect(copy.virtualMachines?.length).toBe(exampleEstate().virtualMachines?.length);
});

test('names that are there twice are told apart', async () => {
  const simulator = createSimulator({ speed: 1000 });
  for (const group of ['rg-a', 'rg-b']) {
    simulator.estate.addDisk({ name: 'data', group });
  }

  const { disks } = await exported(simulator);

  expect(disks?.map(({ name, group }) => [name, group])).toEqual([
    ['data', 'rg-a'],
    ['data-2', 'rg-b'],
  ]);
});

/** Every text of a value with the name of its field; a tag's name is a text as well. */
function textsIn(value: unknown, field = ''): readonly (readonly [field: string, text: string])[] {
  if (typeof value === 'string') return [[field, value]];
  if (Array.isArray(value)) return value.flatMap((it) => textsIn(it, field));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, it]) =>
    field === 'tags'
      ? [
          ['tag', name],
          ['tag', String(it)],
        ]
      : textsIn(it, name),
  );
}

const CHOSEN =
  /^(name|group|availabilitySet|scaleSet|vm|disk|key|encryptionSet|tag|subscriptionId|tenantId)$/;
const KEPT_TAG = /^(kubernetes\.io|aks-managed)-/;

/** Every name that a person chose. */
function namesIn(estate: EstateDescription): readonly string[] {
  const chosen = textsIn(estate).filter(
    ([field, text]) => CHOSEN.test(field) && !KEPT_TAG.test(text),
  );
  return [...new Set(chosen.flatMap(([, text]) => text.toLowerCase().split('/')))];
}

test.for<[name: string, estate: EstateDescription]>([
  ['the example', exampleEstate()],
  ['a generated one', generateEstate(WISH)],
])('nothing of a masked estate tells what it was called: %s', async ([, estate]) => {
  const copy = await exported(createSimulator({ estate, speed: 1000 }));

  const masked = maskEstate(copy, new Uint8Array(32).fill(7));

  // What Azure calls types may stand in an ID, and its own words elsewhere.
  const types =
    /\/providers\/Microsoft\.\w+\/\w+|\/(subscriptions|resourceGroups|virtualMachines)\//g;
  const texts = textsIn(masked)
    .filter(([field, text]) => !/Type$/.test(field) && !KEPT_TAG.test(text))
    .map(([, text]) => text.replace(types, '/').toLowerCase());
  const names = namesIn(estate);
  expect(names.length).toBeGreaterThan(80);
  expect(names.filter((name) => texts.some((text) => text.includes(name)))).toEqual([]);
});

test('a masked estate is the same estate under other names', async () => {
  const original = createSimulator({ estate: exampleEstate(), speed: 1000 });
  const copy = await exported(original);

  const masked = maskEstate(copy, new Uint8Array(32).fill(7));

  const shape = (simulator: Simulator) => {
    const { disks, vms } = simulator.truth();
    const counted = new Map<string, number>();
    const kinds = disks.map(
      (it) => `${it.encryptionType} ${it.diskState} ${it.managedBy !== null}`,
    );
    for (const kind of [...kinds, ...vms.map((it) => it.powerState)]) {
      counted.set(kind, (counted.get(kind) ?? 0) + 1);
    }
    return counted;
  };
  expect(shape(restored(masked))).toEqual(shape(original));
  expect(masked).toEqual(maskEstate(copy, new Uint8Array(32).fill(7)));
  expect(masked).not.toEqual(maskEstate(copy, new Uint8Array(32).fill(8)));
  const names = (masked.disks ?? []).map(({ name }) => name);
  expect(names.filter((name) => name.endsWith('-ASRReplica'))).toHaveLength(1);
  expect(names.filter((name) => name.startsWith('aks-'))).toHaveLength(2);
  expect(masked.resourceGroups?.some(({ name }) => /^MC_n\w+_westeurope$/.test(name))).toBe(true);
});
