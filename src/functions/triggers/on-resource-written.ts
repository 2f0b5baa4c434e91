import { app, type EventGridEvent, type InvocationContext } from '@azure/functions';
import { getClient, input } from 'durable-functions';
import type { Services } from '../../activities/services.ts';
import { mayBeInScope } from '../../domain/policy/is-in-scope.ts';
import { instanceIdFor } from '../../durable/instance-id.ts';
import { startOnce } from '../../durable/start-once.ts';
import { parseResourceEvent, type ResourceEvent } from '../../events/parse-resource-event.ts';
import { log } from '../../log.ts';
import { noticeChange } from '../../orchestrators/conversion/notice-change.ts';

/**
 * Registers the triggers for written disks and VMs: `Microsoft.Resources.ResourceWriteSuccess` and
 * `ResourceActionSuccess`, and `Microsoft.ResourceNotifications.Resources.CreatedOrUpdated`.
 */
export function registerOnResourceWritten(policy: Services['policy']): void {
  app.eventGrid('onDiskWritten', trigger('disk', policy));
  app.eventGrid('onVmWritten', trigger('vm', policy));
}

/** An event says only: look. One that is delivered again meets its own instance. */
function trigger(kind: ResourceEvent['kind'], policy: Services['policy']) {
  return {
    extraInputs: [input.durableClient()],
    handler: async (event: EventGridEvent, context: InvocationContext): Promise<void> => {
      const written = parseResourceEvent(event);
      if (written === null || written.kind !== kind) {
        log(context, 'event.dropped', { reason: 'not-of-interest' });
        return;
      }
      const { resourceId, eventId } = written;
      if (!mayBeInScope(resourceId, await policy())) {
        log(context, 'event.dropped', { reason: 'out-of-scope', resourceId });
        return;
      }
      const instanceId = instanceIdFor('notice', resourceId, eventId);
      const start = await startOnce(getClient(context), noticeChange, {
        instanceId,
        input: { resourceId },
      });
      log(context, 'change.noticed', { resourceId, instanceId, start });
    },
  };
}
