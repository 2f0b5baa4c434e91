import { PLATFORM_KEY } from '../azure/disk.ts';
import type { ConvertedDisk } from './conversion-outcome.ts';
import { type ConversionRecord, type RecordedDisk, wasTouched } from './conversion-record.ts';
import type { DiskChange } from './decide-vm-conversion.ts';

/**
 * What the journal says of the disks of one conversion.
 *
 * Each was on a platform-managed key, or it would not be changed. What was not seen on its set in
 * the end is not claimed to be anywhere.
 */
export function describeDisks(
  changes: readonly DiskChange[],
  ended: readonly ConvertedDisk[],
): readonly RecordedDisk[] {
  return changes.map(({ diskId, diskEncryptionSetId, encryptionType }) => {
    const disk = ended.find((each) => each.diskId === diskId);
    return {
      id: diskId,
      before: { type: PLATFORM_KEY, setId: null },
      after:
        disk?.kind === 'encrypted' ? { type: encryptionType, setId: diskEncryptionSetId } : null,
      outcome: disk?.kind ?? null,
      code: disk?.kind === 'refused' ? disk.code : null,
    };
  });
}

/** What people are told of a conversion that failed: of its disks first, else of its VM. */
export function describeFailure(record: ConversionRecord): {
  readonly code: string | null;
  readonly summary: string;
} {
  const { disks, steps } = record;
  const ofVm = steps.findLast(({ code }) => code !== null);
  const code = disks.find((disk) => disk.code !== null)?.code ?? ofVm?.code ?? null;
  const said = ofVm?.message === undefined ? '' : ` Azure said: ${ofVm.message}`;
  if (wasTouched(record)) {
    return { code, summary: `Its conversion failed; keyturn history says how.${said}` };
  }
  const summary = `The VM was not touched: it could not be marked with the tag keyturn:off-by.${said}`;
  return { code, summary };
}
