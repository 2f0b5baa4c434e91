import type { Random } from '../random.ts';
import type { DiskDescription, VmDescription } from './estate-description.ts';
import type { EstateWish } from './estate-wish.ts';
import { setName } from './generate-keys.ts';

/** Machines that a planner has to treat in their own way. */
export const SPECIAL_KINDS = [
  'availability-set',
  'availability-set',
  'cluster',
  'cluster',
  'flexible-scale-set',
  'ephemeral',
  'encryption-at-host',
  'ade',
  'confidential',
  'converted',
  'double',
  'legacy-set',
  'ultra',
  'hibernated',
] as const;

export type MachineKind = (typeof SPECIAL_KINDS)[number] | 'plain';

interface Place {
  readonly name: string;
  readonly group: string;
  readonly location: string;
}

const SIZES = ['Standard_D2s_v3', 'Standard_D4s_v3', 'Standard_E8s_v3', 'Standard_B2ms'];
const SKUS = ['Premium_LRS', 'Premium_LRS', 'StandardSSD_LRS', 'Standard_LRS'];
const SIZES_GB = [32, 64, 128, 256, 512, 1024];
/** The share of machines that are switched off anyway. Assumed. */
const OFF_SHARE = 0.1;

/** A machine of a kind with its disks. */
export function machineOf(
  place: Place,
  kind: MachineKind,
  { random, wish }: { readonly random: Random; readonly wish: EstateWish },
): VmDescription {
  const { least, most } = wish.disksPerVm;
  const dataDisks = least - 1 + Math.floor(random.next() * (most - least + 1));
  const data = Array.from({ length: dataDisks }, (_, index) => ({
    name: `${place.name}-data-${index + 1}`,
    sku: pick(SKUS, random),
    sizeGB: pick(SIZES_GB, random),
  }));
  const os = random.next() < 0.5 ? 'Windows' : 'Linux';
  const machine: VmDescription = {
    ...place,
    os,
    size: pick(SIZES, random),
    power: random.next() < OFF_SHARE ? 'deallocated' : 'running',
    ageDays: 1 + Math.floor(random.next() * 900),
    osDisk: {
      name: `${place.name}_OsDisk_1_${random.hex(8)}`,
      sizeGB: os === 'Windows' ? 127 : 30,
    },
    dataDisks: data,
  };
  return { ...machine, ...ofKind(machine, kind, data) };
}

function ofKind(
  { name, location = '', osDisk, dataDisks }: VmDescription,
  kind: MachineKind,
  data: readonly Partial<DiskDescription>[],
): Partial<VmDescription> {
  const os = typeof osDisk === 'object' ? osDisk : {};
  const onSet = (encryptionSet: string): Partial<VmDescription> => ({
    osDisk: { ...os, encryptionSet },
    dataDisks: data.map((disk) => ({ ...disk, encryptionSet })),
  });
  switch (kind) {
    case 'plain':
      return {};
    case 'availability-set':
      return { availabilitySet: `avail-${location}` };
    case 'cluster':
      return { os: 'Windows', tags: { role: 'cluster' } };
    case 'flexible-scale-set':
      return { scaleSet: `vmss-${location}` };
    case 'ephemeral':
      return { osDisk: 'ephemeral', power: 'running' };
    case 'encryption-at-host':
      return { encryptionAtHost: true };
    case 'ade':
      return { adeExtension: true, power: 'running', osDisk: { ...os, ade: 'now' } };
    case 'confidential':
      return {
        securityType: 'ConfidentialVM',
        osDisk: {
          ...os,
          confidential: {
            securityType: 'ConfidentialVM_DiskEncryptedWithCustomerKey',
            encryptionSet: setName(location, 'confidential'),
          },
        },
      };
    case 'converted':
      return onSet(setName(location));
    case 'double':
      return onSet(setName(location, 'double'));
    case 'legacy-set':
      return onSet(setName(location, 'legacy'));
    case 'ultra':
      return {
        zones: ['1'],
        dataDisks: [
          { name: `${name}-ultra`, sku: 'UltraSSD_LRS', sizeGB: 256 },
          { name: `${name}-premium-v2`, sku: 'PremiumV2_LRS', sizeGB: 256 },
          ...(typeof dataDisks === 'object' ? dataDisks.slice(2) : []),
        ],
      };
    case 'hibernated':
      return { power: 'hibernated' };
  }
}

export function pick<T>(all: readonly T[], random: Random): T {
  const found = all[Math.floor(random.next() * all.length)];
  if (found === undefined) throw new Error('there is nothing to pick from');
  return found;
}
