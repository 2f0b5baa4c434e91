import type { Vm } from '../azure/vm.ts';
import type { CheckCode } from './checks.ts';
import { type Verdict, verdict } from './verdict.ts';

/** Judges what Azure shows of the VM itself, whether it runs or is off. */
export function judgeVm(vm: Vm): readonly Verdict[] {
  const verdicts: Verdict[] = [];
  const blocked = (code: CheckCode, message: string) =>
    verdicts.push(verdict('blocked', code, message, vm.id));

  if (vm.isHibernated) blocked('hibernated', 'The VM is hibernated.');
  if (vm.powerState === 'stopped') {
    blocked('vm-stopped', 'The VM is stopped but still allocated.');
  }
  if (vm.powerState === 'unknown') {
    blocked('power-state-unknown', 'Azure does not tell whether the VM runs.');
  }
  if (vm.hasDiskEncryptionExtension) {
    blocked('disk-encryption', 'Azure Disk Encryption is on this VM.');
  }
  if (vm.hasUnmanagedDisk) blocked('unmanaged-disk', 'The VM has an unmanaged disk.');
  return verdicts;
}
