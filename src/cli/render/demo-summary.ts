import type { Truth } from '@keyturn/azure-simulator/truth';
import { PLATFORM_KEY } from '../../domain/azure/disk.ts';
import type { PlannedTarget } from '../../domain/conversion/planned-scope.ts';
import type { ConversionView } from '../../functions/http/conversion-view.ts';

/** The line of JSON with which `npm start -- --once` ends. */
export interface DemoSummary {
  readonly disks: number;
  readonly converted: number;
  /** Disks that were not converted, by reason. */
  readonly skipped: Readonly<Record<string, number>>;
  /** Disks, and conversions without a disk's outcome, that failed. */
  readonly failed: number;
  readonly vms: number;
  /** VMs that ran at first and do not run now. */
  readonly vmsLeftOff: number;
  readonly deallocations: number;
  readonly seconds: number;
}

/**
 * Counts from what really is, and takes the reasons from what keyturn says of the rest.
 *
 * @param plans the results of a dry run over what is left.
 */
export function demoSummary(
  before: Truth,
  after: Truth,
  views: readonly ConversionView[],
  plans: readonly PlannedTarget[],
  seconds: number,
): DemoSummary {
  const wasOnPlatformKey = new Set(
    before.disks.filter(onPlatformKey).map(({ id }) => id.toLowerCase()),
  );
  const isNew = new Set(before.disks.map(({ id }) => id.toLowerCase()));
  const converted = after.disks.filter(
    (disk) =>
      !onPlatformKey(disk) &&
      (wasOnPlatformKey.has(disk.id.toLowerCase()) || !isNew.has(disk.id.toLowerCase())),
  ).length;
  const rest = after.disks.length - converted;
  const reasons = reasonsOf(plans);
  const onPlatform = after.disks.filter(onPlatformKey).length;
  const withCustomerKey = rest - onPlatform;
  const named = Object.values(reasons).reduce((sum, count) => sum + count, 0);
  const unnamed = onPlatform - named;
  return {
    disks: after.disks.length,
    converted,
    skipped: {
      ...(withCustomerKey > 0 ? { 'customer-key-already': withCustomerKey } : {}),
      ...reasons,
      ...(unnamed > 0 ? { 'not-judged': unnamed } : {}),
    },
    failed: views.filter(({ status, kind }) => status === 'Failed' && kind !== 'request').length,
    vms: after.vms.length,
    vmsLeftOff: after.vms.filter(
      ({ firstPowerState, powerState }) =>
        firstPowerState === 'running' && powerState !== 'running',
    ).length,
    deallocations: after.vms.reduce((sum, vm) => sum + vm.deallocations, 0),
    seconds: Math.round(seconds * 10) / 10,
  };
}

function ownReason(outcome: PlannedTarget['outcome']): string {
  if (outcome.kind === 'skipped') return outcome.reason;
  return outcome.kind === 'blocked' ? (outcome.verdicts[0]?.code ?? 'blocked') : outcome.kind;
}

function onPlatformKey({ encryptionType }: { readonly encryptionType: string }): boolean {
  return encryptionType === PLATFORM_KEY;
}

/** Disk → one reason each: what skips it, or the first verdict that blocks it or its VM. */
function reasonsOf(plans: readonly PlannedTarget[]): Record<string, number> {
  const byDisk = new Map<string, string>();
  for (const { target, outcome } of plans) {
    const ofTarget =
      target.kind === 'disk' ? [{ diskId: target.id, reason: ownReason(outcome) }] : [];
    const ofVm = 'skipped' in outcome ? outcome.skipped : [];
    for (const { diskId, reason } of [...ofTarget, ...ofVm]) {
      // What has a customer's key is counted apart, from what really is.
      const done = reason === 'already-converted' || reason === 'other-customer-key';
      if (!done) byDisk.set(diskId.toLowerCase(), reason);
    }
  }
  const counts: Record<string, number> = {};
  for (const reason of byDisk.values()) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}
