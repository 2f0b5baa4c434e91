import { expect, test } from 'vitest';
import type { EstateDescription } from '../src/estate/estate-description.ts';
import type { EstateWish } from '../src/estate/estate-wish.ts';
import { generateEstate } from '../src/estate/generate-estate.ts';
import { parseEstate } from '../src/example-estate.ts';
import { createSimulator } from '../src/simulator.ts';

const WISH: EstateWish = {
  vms: 120,
  disksPerVm: { least: 1, most: 6 },
  regions: ['westeurope', 'northeurope'],
  kinds: 'all',
  mistakes: 0.3,
  seed: 7,
};

test('the same wish gives the same estate, another seed another', () => {
  expect(generateEstate(WISH)).toEqual(generateEstate(WISH));
  expect(generateEstate({ ...WISH, seed: 8 })).not.toEqual(generateEstate(WISH));
});

test.for<[what: string, wish: Partial<EstateWish>]>([
  ['all kinds', {}],
  ['plain machines', { kinds: 'plain', mistakes: 0 }],
  ['one region', { regions: ['westeurope'] }],
  ['one disk each', { disksPerVm: { least: 1, most: 1 }, mistakes: 1 }],
  ['no machines', { vms: 0 }],
])('is an estate that a simulator takes: %s', ([, wish]) => {
  const estate = generateEstate({ ...WISH, ...wish });

  expect(parseEstate(JSON.parse(JSON.stringify(estate)))).toEqual(estate);
  const { vms } = createSimulator({ estate }).truth();
  expect(vms).toHaveLength(wish.vms ?? WISH.vms);
});

test('disks per machine stay within the range, and both ends occur', () => {
  const { vms, disks } = createSimulator({
    estate: generateEstate({ ...WISH, kinds: 'plain', mistakes: 0 }),
  }).truth();
  const counts = vms.map(({ id }) => disks.filter(({ managedBy }) => managedBy === id).length);

  expect(Math.min(...counts)).toBe(1);
  expect(Math.max(...counts)).toBe(6);
});

test('every special population is there', () => {
  const estate = generateEstate({ ...WISH, mistakes: 0 });
  const vms = estate.virtualMachines ?? [];
  const disks = estate.disks ?? [];
  const osDisks = vms.flatMap(({ osDisk }) => (typeof osDisk === 'object' ? [osDisk] : []));
  const groups = new Map((estate.resourceGroups ?? []).map((group) => [group.name, group]));

  const populations = {
    sharedDisk: disks.filter(({ maxShares = 1 }) => maxShares > 1).length,
    ephemeral: vms.filter(({ osDisk }) => osDisk === 'ephemeral').length,
    flexible: vms.filter(({ scaleSet }) => scaleSet).length,
    uniform: disks.filter(({ managedBy = '' }) => /ScaleSets\/vmss-/.test(managedBy)).length,
    availabilitySet: vms.filter(({ availabilitySet }) => availabilitySet).length,
    encryptionAtHost: vms.filter(({ encryptionAtHost }) => encryptionAtHost).length,
    ade: vms.filter(({ adeExtension }) => adeExtension).length,
    confidential: osDisks.filter(({ confidential }) => confidential).length,
    aksNode: disks.filter(({ managedBy = '' }) => /ScaleSets\/aks-/.test(managedBy)).length,
    aksVolume: disks.filter(({ tags }) => tags?.['kubernetes.io-created-for-pvc-name']).length,
    managedGroup: disks.filter(({ group = '' }) => groups.get(group)?.managedBy).length,
    replica: disks.filter(({ name }) => name.endsWith('-ASRReplica')).length,
    seed: disks.filter(({ name }) => name.startsWith('asrseeddisk-')).length,
    converted: osDisks.filter(({ encryptionSet }) => encryptionSet).length,
    hibernated: vms.filter(({ power }) => power === 'hibernated').length,
    staticAddress: vms.filter(({ publicIp }) => publicIp === 'static').length,
    dynamicAddress: vms.filter(({ publicIp }) => publicIp === 'dynamic').length,
    spot: vms.filter(({ spot }) => spot).length,
    dedicatedHost: vms.filter(({ dedicatedHost }) => dedicatedHost).length,
    reserved: vms.filter(({ capacityReservation }) => capacityReservation).length,
    autoShutdown: vms.filter(({ autoShutdown }) => autoShutdown).length,
    backupsThatEnded: jobsOf(estate, 'Completed').length,
    off: vms.filter(({ power }) => power === 'deallocated').length,
  };

  for (const [name, count] of Object.entries(populations)) {
    expect(count, name).toBeGreaterThan(0);
  }
  expect(estate).toMatchObject({ snapshots: [], restorePoints: [], locks: [] });
  expect(estate.restrictedSizes).toEqual([]);
  expect(jobsOf(estate, undefined)).toEqual([]);
});

function jobsOf({ recoveryVaults = [] }: EstateDescription, status: string | undefined) {
  return recoveryVaults.flatMap(({ jobs = [] }) => jobs).filter((job) => job.status === status);
}

test('mistakes of every kind are made on demand', () => {
  const estate = generateEstate({ ...WISH, mistakes: 1 });
  const keys = (estate.vaults ?? []).flatMap((vault) => vault.keys ?? []);
  const states = new Set((estate.disks ?? []).map(({ state }) => state));
  const onBadSet = /-(disabled|expired|deleted|forbidden)$/;

  expect(estate.snapshots?.length).toBeGreaterThan(0);
  expect(estate.restorePoints?.length).toBeGreaterThan(0);
  expect(estate.locks?.length).toBeGreaterThan(0);
  expect(states).toContain('ActiveSAS');
  expect(states).toContain('ReadyToUpload');
  expect(estate.disks?.some(({ ade }) => ade === 'before')).toBe(true);
  expect(estate.virtualMachines?.some(({ power }) => power === 'stopped')).toBe(true);
  expect(estate.disks?.some(({ encryptionSet = '' }) => onBadSet.test(encryptionSet))).toBe(true);
  expect(estate.restrictedSizes?.length).toBeGreaterThan(0);
  expect(jobsOf(estate, undefined).length).toBeGreaterThan(0);
  expect(keys.some(({ enabled }) => enabled === false)).toBe(true);
  expect(keys.some(({ expiresInDays }) => Number(expiresInDays) < 0)).toBe(true);
  expect(keys.some(({ deleted }) => deleted)).toBe(true);
  expect(estate.encryptionSets).toContainEqual(
    expect.objectContaining({ name: 'des-westeurope-misplaced', location: 'northeurope' }),
  );
});
