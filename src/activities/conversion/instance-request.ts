import type { ConversionTarget } from '../../domain/conversion/conversion-target.ts';
import type { Requester } from '../../domain/people/requester.ts';
import { instanceIdFor } from '../../durable/instance-id.ts';
import type { InstanceRequest } from './start-instances.ts';

/**
 * The instance that converts a target.
 *
 * By name, for importing the orchestrators here would close a circle: `convertDisk` hands over to
 * `convertVm` this way. A test compares these names with the registered ones.
 */
export function instanceRequest(
  { kind, id }: ConversionTarget,
  requestedBy: Requester,
): InstanceRequest {
  const instanceId = instanceIdFor(kind, id);
  return kind === 'vm'
    ? { orchestrator: 'convertVm', instanceId, input: { vmId: id, requestedBy } }
    : { orchestrator: 'convertDisk', instanceId, input: { diskId: id, requestedBy } };
}
