import type { ConversionRecord } from '../../src/domain/conversion/conversion-record.ts';
import { CUSTOMER_KEY, diskId, setId, vmId } from '../support/builders.ts';

/** The record of a VM that was converted in a minute. */
export function aRecord(differences: Partial<ConversionRecord> = {}): ConversionRecord {
  const target = differences.target ?? vmId('vm-1');
  return {
    id: 'vm-1#1',
    instanceId: 'vm-1',
    target,
    requestedBy: { kind: 'sweep', person: null, requestId: null },
    approvedBy: null,
    policyDigest: 'p1',
    verdicts: [],
    beganAt: '2026-03-01T22:00:00.000Z',
    endedAt: '2026-03-01T22:01:10.000Z',
    steps: [
      {
        at: '2026-03-01T22:00:01.000Z',
        step: 'deallocate',
        target,
        code: null,
        correlationId: '0c6e2f0a-1111-4c5e-9c3e-7f1a2b3c4d5e',
        operationId: null,
      },
    ],
    power: { before: 'running', after: 'running' },
    disks: [
      {
        id: diskId('data-1'),
        before: { type: 'EncryptionAtRestWithPlatformKey', setId: null },
        after: { type: CUSTOMER_KEY, setId: setId('des-weu') },
        outcome: 'encrypted',
        code: null,
      },
    ],
    downtimeMs: 61_000,
    outcome: 'converted',
    ...differences,
  };
}

/** The same as it is when it begins. */
export function begun(record: ConversionRecord): ConversionRecord {
  const disks = record.disks.map((disk) => ({ ...disk, after: null, outcome: null }));
  const power = { before: record.power.before, after: null };
  return {
    ...record,
    ...{ endedAt: null, downtimeMs: null, outcome: null, steps: [], disks, power },
  };
}
