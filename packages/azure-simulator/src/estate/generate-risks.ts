import type {
  BackupJobDescription,
  RecoveryVaultDescription,
  VmDescription,
} from './estate-description.ts';

/** What a machine loses or risks when it is switched off, and one in how many has it. Assumed. */
const RISKS: readonly { readonly every: number; readonly machine: Partial<VmDescription> }[] = [
  { every: 12, machine: { publicIp: 'static' } },
  { every: 20, machine: { publicIp: 'dynamic' } },
  { every: 40, machine: { spot: 'Deallocate' } },
  { every: 60, machine: { dedicatedHost: 'hosts-shared/host-1' } },
  { every: 50, machine: { capacityReservation: 'crg-shared' } },
  { every: 15, machine: { autoShutdown: '1900' } },
];

/** What the nth plain machine risks: each kind is there as soon as there are six of them. */
export function riskOf(nth: number): Partial<VmDescription> {
  const its = RISKS.filter(({ every }, index) => nth % every === index);
  return Object.assign({}, ...its.map(({ machine }) => machine));
}

/** A vault per region, with the jobs that run and one that is over for every eighth machine. */
export function recoveryVaults(
  regions: readonly string[],
  machines: readonly VmDescription[],
  running: ReadonlySet<string>,
): readonly RecoveryVaultDescription[] {
  return regions.map((location) => {
    const here = machines.filter((vm) => vm.location === location);
    const jobs = here.flatMap(({ name }, index): readonly BackupJobDescription[] => {
      if (running.has(name)) return [{ vm: name }];
      return index % 8 === 0 ? [{ vm: name, status: 'Completed' }] : [];
    });
    return { name: `rsv-${location}`, group: `rg-dr-${location}`, location, jobs };
  });
}
