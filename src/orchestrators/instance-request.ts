import type { InstanceRequest } from '../activities/start-instances.ts';
import type { ConversionTarget } from '../domain/conversion-target.ts';
import { instanceIdFor } from '../durable/instance-id.ts';

/**
 * The instance that converts a target.
 *
 * By name, for importing the orchestrators here would close a circle: `convertDisk` hands over to
 * `convertVm` this way. A test compares these names with the registered ones.
 */
export function instanceRequest({ kind, id }: ConversionTarget): InstanceRequest {
  return kind === 'vm'
    ? { orchestrator: 'convertVm', instanceId: instanceIdFor('vm', id), input: { vmId: id } }
    : { orchestrator: 'convertDisk', instanceId: instanceIdFor('disk', id), input: { diskId: id } };
}
