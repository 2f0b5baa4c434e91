import { nameOf, parseArmId, sameId } from '../azure/arm-id.ts';
import { allows } from '../azure/permission.ts';
import type { Reading } from '../azure/reading.ts';
import type { Vm } from '../azure/vm.ts';
import type { ConversionPolicy, Risk } from '../policy/conversion-policy.ts';
import type { CheckCode } from './checks.ts';
import { exempted } from './exempted.ts';
import { judgeLocks } from './judge-locks.ts';
import { judgeMark } from './judge-policies.ts';
import { judgeRightsOnVm } from './judge-rights.ts';
import { type Verdict, verdict } from './verdict.ts';
import type { MachineSize, VmFacts } from './vm-facts.ts';

/**
 * Judges whether a VM may be switched off and started again, and what that takes away or endangers.
 *
 * Each risk warns or blocks, as the policy says; an exemption turns what blocks into a warning.
 */
export function judgeDeallocation(
  vm: Vm,
  facts: VmFacts,
  policy: Pick<ConversionPolicy, 'risks' | 'exemptions'>,
  nowMs: number,
): readonly Verdict[] {
  const verdicts = [
    ...judgeLocks(vm.id, facts.locks),
    ...judgeRightsOnVm(vm.id, facts.rights),
    ...judgeMark(vm.id, facts.markRefusals),
    ...risksOf(vm, facts, policy.risks),
  ];
  return verdicts.map((each) => exempted(each, vm, null, policy, nowMs));
}

function risksOf(
  vm: Vm,
  { rights, dynamicAddresses, sizes, scheduledVmIds, scaleSet, replicated, backups }: VmFacts,
  risks: ConversionPolicy['risks'],
): readonly Verdict[] {
  const risk = (code: Risk, message: string): Verdict =>
    verdict(risks[code] === 'block' ? 'blocked' : 'warn', code, message, vm.id);
  const known = <T>(
    reading: Reading<readonly T[]>,
    code: Extract<CheckCode, `${string}-unreadable`>,
    what: string,
    judge: (value: readonly T[]) => readonly Verdict[],
  ): readonly Verdict[] =>
    reading.status === 'read'
      ? judge(reading.value)
      : [verdict('unreadable', code, `The ${what} could not be read: ${reading.message}`, vm.id)];

  return [
    ...known(dynamicAddresses, 'public-ips-unreadable', 'public IP addresses', (all) =>
      all
        .filter(({ networkInterfaceId }) =>
          vm.networkInterfaceIds.some((id) => sameId(id, networkInterfaceId)),
        )
        .map(({ id }) => risk('dynamic-public-ip', `Its public IP ${nameOf(id)} changes.`)),
    ),
    ...known(sizes, 'sizes-unreadable', 'sizes of VMs', (all) => judgeSize(vm, all, risk)),
    ...known(scheduledVmIds, 'schedules-unreadable', 'shutdown schedules', (all) =>
      all.some((id) => sameId(id, vm.id))
        ? [risk('auto-shutdown', 'A schedule shuts the VM down every day.')]
        : [],
    ),
    ...known(seenWith(rights, backups, READ_JOBS), 'backups-unreadable', 'backup jobs', (all) =>
      all.some((backup) => isOf(vm, backup))
        ? [risk('backup-running', 'A backup of the VM is taken just now.')]
        : [],
    ),
    ...known(listed(scaleSet), 'scale-sets-unreadable', 'scale set', (models) =>
      models.some(({ namesDiskEncryptionSets }) => !namesDiskEncryptionSets)
        ? [risk('scale-set-model', 'Its scale set still makes machines on a platform-managed key.')]
        : [],
    ),
    ...known(
      seenWith(rights, replicated, READ_REPLICATED),
      'replication-unreadable',
      'replicated VMs',
      (all) =>
        all
          .filter(({ vmId }) => sameId(vmId, vm.id))
          .map(({ copyIn }) => risk('site-recovery', copyOf(copyIn))),
    ),
    ...judgePlacement(vm, risk),
  ];
}

function listed<T>(reading: Reading<T | null>): Reading<readonly T[]> {
  if (reading.status === 'unreadable') return reading;
  return { status: 'read', value: reading.value === null ? [] : [reading.value] };
}

/** Source: "Replicate machines with CMK enabled disks": an item that is replicated already gets no key. */
function copyOf(place: string | null): string {
  const where = place === null ? 'in another region' : `in ${place}`;
  return `Site Recovery copies it: the copy ${where} stays on the platform-managed key.`;
}

/** Resource Graph leaves out what the caller may not read, so nothing found says nothing then. */
function seenWith<T>(rights: VmFacts['rights'], found: Reading<T>, action: string): Reading<T> {
  if (rights.status === 'unreadable' || allows(rights.value, action)) return found;
  return { status: 'unreadable', code: 'AuthorizationFailed', message: `${action} is missing.` };
}

const READ_JOBS = 'Microsoft.RecoveryServices/vaults/backupJobs/read';
const READ_REPLICATED =
  'Microsoft.RecoveryServices/vaults/replicationFabrics/replicationProtectionContainers/replicationProtectedItems/read';

type RiskVerdict = (code: Risk, message: string) => Verdict;

function judgeSize(vm: Vm, sizes: readonly MachineSize[], risk: RiskVerdict): readonly Verdict[] {
  const size = sizes.find(({ name }) => name.toLowerCase() === vm.size.toLowerCase());
  if (!size) {
    return [
      risk('size-restricted', `${vm.size} is not offered in ${vm.region}; it may be retired.`),
    ];
  }
  const verdicts: Verdict[] = [];
  if (isRestricted(size, vm)) {
    const message = `This subscription may not have ${vm.size} here: the VM may not start again.`;
    verdicts.push(risk('size-restricted', message));
  }
  if (size.temporaryDiskMB > 0) {
    verdicts.push(risk('temporary-disk', 'What is on the temporary disk is lost.'));
  }
  return verdicts;
}

function isRestricted({ restrictedIn }: MachineSize, { zone }: Vm): boolean {
  if (restrictedIn === 'nowhere' || restrictedIn === 'region') return restrictedIn === 'region';
  return zone !== null && restrictedIn.includes(zone);
}

/** Source: "Spot VMs", "Dedicated hosts", "On-demand capacity reservation", "Co-locate VMs". */
function judgePlacement(vm: Vm, risk: RiskVerdict): readonly Verdict[] {
  const { isSpot, dedicatedHostId, capacityReservationId, proximityPlacementGroupId } = vm;
  const verdicts: Verdict[] = [];
  if (isSpot) verdicts.push(risk('spot', 'It is a Spot VM: it may not get its capacity back.'));
  if (dedicatedHostId !== null) {
    const message = `It gives up its place on ${nameOf(dedicatedHostId)} meanwhile.`;
    verdicts.push(risk('dedicated-host', message));
  }
  if (capacityReservationId !== null) {
    const message = `It gives up its place in ${nameOf(capacityReservationId)} meanwhile.`;
    verdicts.push(risk('capacity-reservation', message));
  }
  if (proximityPlacementGroupId !== null) {
    const message = `It gives up its place in ${nameOf(proximityPlacementGroupId)}, and may not get one there again.`;
    verdicts.push(risk('proximity-placement-group', message));
  }
  return verdicts;
}

function isOf(
  vm: Vm,
  { resourceGroup, vmName }: { readonly resourceGroup: string; readonly vmName: string },
): boolean {
  const id = parseArmId(vm.id);
  return id !== null && sameId(id.resourceGroup, resourceGroup) && sameId(id.name, vmName);
}
