import type { Answer, Azure } from '../azure/azure.ts';
import { chooseDiskEncryptionSet } from '../domain/choose-disk-encryption-set.ts';
import type { ConversionPolicy } from '../domain/conversion-policy.ts';
import type { Disk } from '../domain/disk.ts';
import type { DiskFacts, Holder } from '../domain/judge-disk.ts';
import type { Reading } from '../domain/reading.ts';
import { isUnavailable } from './is-unavailable.ts';

/** Reads what one judgement of disks needs; disks on one set share the reading of its key. */
export type DiskFactsReader = (disk: Disk) => Promise<DiskFacts>;

/**
 * Makes a reader for the disks of one VM, or for one disk.
 *
 * A read that fails for a reason of Azure's becomes an unreadable fact, which blocks; one that is
 * throttled ends the judgement: see `unlessThrottled`.
 *
 * @param vm whose restore points and tags count.
 */
export function diskFactsReader(
  azure: Azure,
  policy: ConversionPolicy,
  vm: Holder,
): DiskFactsReader {
  const readSet = once((id) => reading(azure.readDiskEncryptionSet(id)));
  const readKey = once((url) => reading(azure.readKey(url)));
  const readGroup = once((id) => reading(azure.readGroupManagedBy(id)), groupOf);
  const readRestorePoints = once((id) => reading(azure.listRestorePoints(id)));

  return async (disk) => {
    const choice = chooseDiskEncryptionSet(disk, vm?.tags ?? {}, policy);
    const setId = choice.kind === 'chosen' ? choice.setId : null;
    const [set, groupManagedBy, incrementalSnapshots, restorePoints] = await Promise.all([
      setId === null ? null : readSet(setId),
      readGroup(disk.id),
      reading(azure.listIncrementalSnapshots(disk)),
      vm === null ? null : readRestorePoints(vm.id),
    ]);
    const keyUrl = set?.status === 'read' ? (set.value?.keyUrl ?? null) : null;
    return {
      disk,
      vm,
      set: setId === null || set === null ? null : { id: setId, reading: set },
      key: keyUrl === null ? null : { url: keyUrl, reading: await readKey(keyUrl) },
      groupManagedBy,
      incrementalSnapshots,
      restorePoints,
    };
  };
}

type Throttled = Extract<Answer<never>, { status: 'throttled' }>;

class ThrottledRead extends Error {
  readonly answer: Throttled;

  constructor(answer: Throttled) {
    super(answer.code);
    this.answer = answer;
  }
}

/** Judges, or says when to come back: a fact that Azure gives later is no reason to block. */
export async function unlessThrottled<T>(judge: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { status: 'ok', value: await judge() };
  } catch (error) {
    if (error instanceof ThrottledRead) return error.answer;
    throw error;
  }
}

/** Turns an answer into a fact: neither a refusal nor an outage may read as a pass. */
async function reading<T>(asked: Promise<Answer<T>>): Promise<Reading<T>> {
  try {
    const answer = await asked;
    if (answer.status === 'ok') return { status: 'read', value: answer.value };
    if (answer.status === 'throttled') throw new ThrottledRead(answer);
    return { status: 'unreadable', code: answer.code, message: answer.message };
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return { status: 'unreadable', code: error.code, message: error.message };
  }
}

/** The part of an ARM ID that names subscription and resource group. */
function groupOf(resourceId: string): string {
  const end = resourceId.toLowerCase().indexOf('/providers/');
  return resourceId.slice(0, end).toLowerCase();
}

function once<T>(
  read: (id: string) => Promise<T>,
  keyOf: (id: string) => string = (id) => id,
): (id: string) => Promise<T> {
  const readings = new Map<string, Promise<T>>();
  return (id) => {
    const known = readings.get(keyOf(id)) ?? read(id);
    readings.set(keyOf(id), known);
    return known;
  };
}
