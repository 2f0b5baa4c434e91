import { type DurableClient, OrchestrationRuntimeStatus } from 'durable-functions';

/**
 * Forgets instances that were created before a time and have ended since.
 *
 * @returns how many.
 */
export async function purgeEnded(client: DurableClient, before: Date): Promise<number> {
  const { instancesDeleted } = await client.purgeInstanceHistoryBy({
    createdTimeFrom: new Date(0),
    createdTimeTo: before,
    // Without these the host purges running ones too (recorded on the genuine host).
    runtimeStatus: [
      OrchestrationRuntimeStatus.Completed,
      OrchestrationRuntimeStatus.Failed,
      OrchestrationRuntimeStatus.Terminated,
    ],
  });
  return instancesDeleted;
}
