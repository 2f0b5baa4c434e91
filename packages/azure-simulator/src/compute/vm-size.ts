/** What a size of virtual machines is, as far as its name tells. */
export interface VmSize {
  /** `Standard_D2s_v3`. */
  readonly name: string;
  /** `standardDSv3Family`. */
  readonly family: string;
  readonly cpus: number;
  readonly memoryGB: number;
  /** 0 where it has no disk of its own. */
  readonly temporaryDiskMB: number;
  readonly isConfidential: boolean;
  readonly isBurstable: boolean;
  readonly premiumStorage: boolean;
}

const NAME = /^(?:Standard|Basic)_([A-Z]+)(\d+)(?:-\d+)?([a-z]*)(?:_v(\d+))?$/;
const MEMORY_PER_CPU: Readonly<Record<string, number>> = { F: 2, E: 8, EC: 8, L: 8, M: 16, G: 14 };

/**
 * Takes a size's name apart; `null` for a name that is made in another way.
 *
 * Up to the third version every size has a disk of its own, after that those with a `d`: 8 GiB for
 * each processor, 16 with the memory of the E family, 37.5 of the younger ones.
 *
 * Source: "Virtual machine sizes naming conventions" and the tables of the D, E, F, B and DC
 * families; for other families it is assumed to be alike.
 */
export function parseVmSize(name: string): VmSize | null {
  const [, letters = '', cpus, features = '', version] = NAME.exec(name) ?? [];
  if (cpus === undefined) return null;
  const generation = Number(version ?? 1);
  const isConfidential = letters === 'DC' || letters === 'EC';
  const isBurstable = letters === 'B';
  const withDisk = features.includes('d') || (generation <= 3 && !isConfidential);
  const perCpuGB = generation > 3 ? 37.5 : letters === 'E' ? 16 : 8;
  const memory = MEMORY_PER_CPU[letters] ?? 4;
  const shown = isBurstable ? features.replace('m', '') : features;
  return {
    name,
    family: `standard${letters}${shown.toUpperCase()}${version ? `v${version}` : ''}Family`,
    cpus: Number(cpus),
    memoryGB: Number(cpus) * memory,
    temporaryDiskMB: withDisk ? Number(cpus) * perCpuGB * 1024 : 0,
    isConfidential,
    isBurstable,
    premiumStorage: features.includes('s') || /^[DG]S$/.test(letters),
  };
}
