import { nameOf } from '../azure/arm-id.ts';
import type { Disk } from '../azure/disk.ts';
import type { Reading } from '../azure/reading.ts';
import type { CheckCode } from './checks.ts';
import type { DiskFacts } from './disk-facts.ts';
import { type Verdict, verdict } from './verdict.ts';

type Blocking = readonly [code: CheckCode, message: string];

const EXPORTED: Blocking = ['active-sas', 'The disk is being exported.'];

const STATES_THAT_BLOCK: Readonly<Record<string, Blocking>> = {
  ActiveSAS: EXPORTED,
  ActiveSASFrozen: EXPORTED,
  ReadyToUpload: ['upload-unfinished', 'An upload to the disk has not begun.'],
  ActiveUpload: ['upload-unfinished', 'An upload to the disk is under way.'],
  Frozen: ['hibernated', 'The VM of the disk is hibernated.'],
};

/**
 * Judges the disk's own state and history.
 *
 * Source: restrictions of customer-managed keys for managed disks; "has incremental snapshots" is
 * the refusal that users report most: https://learn.microsoft.com/azure/virtual-machines/disk-encryption#restrictions
 */
export function judgeDiskState(facts: DiskFacts): readonly Verdict[] {
  const { disk, groupManagedBy } = facts;
  const verdicts = [...judgeNow(disk), ...judgePast(facts)];
  if (groupManagedBy.status === 'read') return verdicts;
  const message = `Its resource group could not be read: ${groupManagedBy.message}`;
  return [...verdicts, verdict('unreadable', 'resource-group-unreadable', message, disk.id)];
}

function judgeNow(disk: Disk): readonly Verdict[] {
  const verdicts: Verdict[] = [];
  const blocked = (code: CheckCode, message: string) =>
    verdicts.push(verdict('blocked', code, message, disk.id));

  const state = Object.hasOwn(STATES_THAT_BLOCK, disk.diskState)
    ? STATES_THAT_BLOCK[disk.diskState]
    : undefined;
  if (state) blocked(...state);
  if (disk.completionPercent !== null && disk.completionPercent < 100) {
    blocked('hydrating', `The disk is still being copied: ${disk.completionPercent} %.`);
  }
  return verdicts;
}

function judgePast({ disk, incrementalSnapshots, restorePoints }: DiskFacts): readonly Verdict[] {
  const undecidable = (code: CheckCode, message: string) =>
    verdict('undecidable', code, message, disk.id);
  return [
    disk.hasDiskEncryptionSettings
      ? verdict(
          'blocked',
          'disk-encryption',
          'Azure Disk Encryption is or was on this disk.',
          disk.id,
        )
      : undecidable(
          'disk-encryption-history',
          'Whether Azure Disk Encryption was ever on this disk shows only when Azure refuses it.',
        ),
    judgeList('incremental-snapshots', disk.id, incrementalSnapshots, 'incremental snapshots'),
    restorePoints === null
      ? undecidable(
          'restore-points-history',
          'Whether restore points of a former VM hold the disk shows only when Azure refuses it.',
        )
      : judgeList('restore-points', disk.id, restorePoints, 'restore points'),
  ];
}

function judgeList(
  code: 'incremental-snapshots' | 'restore-points',
  diskId: string,
  reading: Reading<readonly string[]>,
  what: string,
): Verdict {
  if (reading.status === 'unreadable') {
    const message = `Its ${what} could not be listed: ${reading.message}`;
    return verdict('unreadable', `${code}-unreadable`, message, diskId);
  }
  const { length } = reading.value;
  if (length === 0) return verdict('pass', code, `The disk has no ${what}.`, diskId);
  const names = reading.value.slice(0, 5).map(nameOf).join(', ');
  return verdict('blocked', code, `The disk has ${length} ${what} (${names}).`, diskId);
}
