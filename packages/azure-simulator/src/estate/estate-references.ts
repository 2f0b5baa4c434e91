import type { DiskDescription, EstateDescription, VmDescription } from './estate-description.ts';
import { brokenGovernance } from './governance-references.ts';

type Names = ReadonlySet<string>;

/** Names that are used and not there, or there twice; each with its JSON path. */
export function brokenReferences(estate: EstateDescription): readonly string[] {
  const machines = estate.virtualMachines ?? [];
  const sets = namesOf(estate.encryptionSets);
  const vms = namesOf(machines);
  const disks = new Set([...namesOf(estate.disks), ...machines.flatMap(diskNames)]);
  const keys = new Set(
    (estate.vaults ?? []).flatMap(({ name, keys: all = [] }) =>
      all.map((key) => `${name}/${key.name}`),
    ),
  );
  return [
    ...unknownSubscriptions(estate),
    ...brokenGovernance(estate),
    ...twice(estate.virtualMachines, '$.virtualMachines'),
    ...twice(estate.disks, '$.disks'),
    ...twice(estate.encryptionSets, '$.encryptionSets'),
    ...(estate.encryptionSets ?? []).flatMap(({ key }, index) =>
      missing(keys, key, `$.encryptionSets[${index}].key`, 'key'),
    ),
    ...machines.flatMap((vm, index) => inMachine(vm, `$.virtualMachines[${index}]`, sets)),
    ...(estate.disks ?? []).flatMap((disk, index) => {
      const path = `$.disks[${index}]`;
      const owners = disk.attachedTo ?? [];
      return [
        ...inDisk(disk, path, sets),
        ...owners.flatMap((vm, at) =>
          missing(vms, vm, `${path}.attachedTo[${at}]`, 'virtual machine'),
        ),
      ];
    }),
    ...(estate.snapshots ?? []).flatMap(({ disk }, index) =>
      missing(disks, disk, `$.snapshots[${index}].disk`, 'disk'),
    ),
    ...(estate.restorePoints ?? []).flatMap(({ vm }, index) =>
      missing(vms, vm, `$.restorePoints[${index}].vm`, 'virtual machine'),
    ),
    ...(estate.scaleSets ?? []).flatMap(({ encryptionSet }, index) =>
      missing(sets, encryptionSet, `$.scaleSets[${index}].encryptionSet`, 'encryption set'),
    ),
    ...(estate.recoveryVaults ?? []).flatMap(({ jobs = [] }, index) =>
      jobs.flatMap(({ vm }, at) =>
        missing(vms, vm, `$.recoveryVaults[${index}].jobs[${at}].vm`, 'virtual machine'),
      ),
    ),
    ...(estate.recoveryVaults ?? []).flatMap(({ replicated = [] }, index) =>
      replicated.flatMap(({ vm }, at) =>
        missing(vms, vm, `$.recoveryVaults[${index}].replicated[${at}].vm`, 'virtual machine'),
      ),
    ),
  ];
}

function unknownSubscriptions(estate: EstateDescription): readonly string[] {
  const { subscriptionId, subscriptions = [] } = estate;
  const known = new Set([subscriptionId, ...subscriptions.flatMap(({ id, name }) => [id, name])]);
  const placed = {
    resourceGroups: estate.resourceGroups,
    vaults: estate.vaults,
    encryptionSets: estate.encryptionSets,
    storageAccounts: estate.storageAccounts,
    virtualMachines: estate.virtualMachines,
    disks: estate.disks,
    snapshots: estate.snapshots,
    restorePoints: estate.restorePoints,
  };
  return Object.entries(placed).flatMap(([kind, all = []]) =>
    all.flatMap(({ subscription }, index) =>
      missing(known, subscription, `$.${kind}[${index}].subscription`, 'subscription'),
    ),
  );
}

function inMachine(
  { osDisk, dataDisks }: VmDescription,
  path: string,
  sets: Names,
): readonly string[] {
  const os = osDisk && osDisk !== 'ephemeral' ? inDisk(osDisk, `${path}.osDisk`, sets) : [];
  const data = typeof dataDisks === 'object' ? dataDisks : [];
  return [
    ...os,
    ...data.flatMap((disk, index) => inDisk(disk, `${path}.dataDisks[${index}]`, sets)),
  ];
}

function inDisk(
  { encryptionSet, confidential }: Partial<DiskDescription>,
  path: string,
  sets: Names,
): readonly string[] {
  return [
    ...missing(sets, encryptionSet, `${path}.encryptionSet`, 'encryption set'),
    ...missing(
      sets,
      confidential?.encryptionSet,
      `${path}.confidential.encryptionSet`,
      'encryption set',
    ),
  ];
}

/** The names that a machine's disks will have; a system disk that is not named gets one by chance. */
function diskNames({ name, osDisk, dataDisks = 0 }: VmDescription): readonly string[] {
  const system = typeof osDisk === 'object' && osDisk.name ? [osDisk.name] : [];
  const data =
    typeof dataDisks === 'number' ? Array.from({ length: dataDisks }, () => ({})) : dataDisks;
  return [
    ...system,
    ...data.map(
      (disk: Partial<DiskDescription>, index) => disk.name ?? `${name}-data-${index + 1}`,
    ),
  ];
}

function missing(
  names: Names,
  name: string | undefined,
  path: string,
  what: string,
): readonly string[] {
  return name === undefined || names.has(name) ? [] : [`${path}: no ${what} is called ${name}`];
}

function twice(
  all: readonly { readonly name: string }[] | undefined,
  path: string,
): readonly string[] {
  const names = (all ?? []).map(({ name }) => name);
  return names.flatMap((name, index) =>
    names.indexOf(name) < index ? [`${path}[${index}].name: ${name} is there twice`] : [],
  );
}

function namesOf(all: readonly { readonly name: string }[] | undefined): Names {
  return new Set((all ?? []).map(({ name }) => name));
}
