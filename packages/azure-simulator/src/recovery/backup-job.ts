export interface BackupJob {
  /** GUID. */
  readonly name: string;
  readonly activityId: string;
  readonly vmName: string;
  readonly vmGroup: string;
  readonly operation: 'Backup' | 'Restore' | 'ConfigureBackup';
  readonly status: 'InProgress' | 'Completed' | 'Failed';
  readonly startedAt: number;
  /** `null` while it runs. */
  readonly endedAt: number | null;
}

const JOB_TYPE = 'Microsoft.RecoveryServices/vaults/backupJobs';

/** Source: REST reference, Backup Jobs – List, api-version 2024-04-01; jobs shown by Azure's guides. */
export function backupJobBody(vaultId: string, job: BackupJob): BackupJobBody {
  const { name, activityId, vmName, vmGroup, operation, status, startedAt, endedAt } = job;
  return {
    id: `${vaultId}/backupJobs/${name}`,
    name,
    type: JOB_TYPE,
    properties: {
      jobType: 'AzureIaaSVMJob',
      duration: durationOf((endedAt ?? Date.now()) - startedAt),
      ...(status === 'InProgress' ? { actionsInfo: ['Cancellable'] } : {}),
      virtualMachineVersion: 'Compute',
      containerName: `iaasvmcontainerv2;${vmGroup.toLowerCase()};${vmName.toLowerCase()}`,
      isUserTriggered: false,
      entityFriendlyName: vmName,
      backupManagementType: 'AzureIaasVM',
      operation,
      status,
      startTime: new Date(startedAt).toISOString(),
      ...(endedAt === null ? {} : { endTime: new Date(endedAt).toISOString() }),
      activityId,
    },
  };
}

export interface BackupJobBody {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** ISO 8601, as the document has it. */
function durationOf(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `PT${Math.floor(seconds / 3600)}H${Math.floor(seconds / 60) % 60}M${seconds % 60}S`;
}
