import { z } from 'zod';
import { DISK_TYPE, parseArmId, VM_TYPE } from '../domain/azure/arm-id.ts';

/** What an event is about: go and look at this disk or VM. */
export interface ResourceEvent {
  readonly kind: 'disk' | 'vm';
  /** ARM ID. */
  readonly resourceId: string;
  /** Unique per event, the same when Event Grid delivers it again. */
  readonly eventId: string;
}

/**
 * Operations that may leave a disk on a platform-managed key, or let one be converted.
 *
 * A deallocation by its owner lets a VM's disks be converted without an outage; an ended export
 * lifts what blocked a disk. Starting a VM changes nothing for us.
 */
const OPERATIONS: Readonly<Record<string, ResourceEvent['kind']>> = {
  'microsoft.compute/disks/write': 'disk',
  'microsoft.compute/disks/endgetaccess/action': 'disk',
  'microsoft.compute/virtualmachines/write': 'vm',
  'microsoft.compute/virtualmachines/deallocate/action': 'vm',
};

const KINDS: Readonly<Record<string, ResourceEvent['kind']>> = {
  [DISK_TYPE]: 'disk',
  [VM_TYPE]: 'vm',
};

/** Either envelope, in either schema; unknown members are Azure's to add. */
const Envelope = z.object({
  id: z.string().min(1).max(500),
  eventType: z.string().optional(),
  type: z.string().optional(),
  subject: z.string().max(2_000).optional(),
  data: z.record(z.string(), z.unknown()),
});

/** Source: "Azure subscription as an Event Grid source"; `operationName` is there in both schemas. */
const Operation = z.object({
  operationName: z.string(),
  resourceUri: z.string().max(2_000).optional(),
});

/** Source: "Azure Resource Notifications - Resources events". */
const Notification = z.object({
  resourceInfo: z.object({ id: z.string().max(2_000), type: z.string() }),
});

/**
 * Reads an event of Azure Resource Manager or of Azure Resource Notifications.
 *
 * Null for everything that is no disk's or VM's: never throws, whatever it is given. Nothing but
 * the id is believed, and that only as far as it is one.
 */
export function parseResourceEvent(payload: unknown): ResourceEvent | null {
  const envelope = Envelope.safeParse(payload);
  if (!envelope.success) return null;
  const { id: eventId, data, subject = '' } = envelope.data;

  switch (envelope.data.eventType ?? envelope.data.type) {
    case 'Microsoft.Resources.ResourceWriteSuccess':
    case 'Microsoft.Resources.ResourceActionSuccess': {
      const operation = Operation.safeParse(data);
      if (!operation.success) return null;
      const kind = OPERATIONS[operation.data.operationName.toLowerCase()];
      return kind ? toEvent(kind, operation.data.resourceUri ?? subject, eventId) : null;
    }
    case 'Microsoft.ResourceNotifications.Resources.CreatedOrUpdated': {
      const notification = Notification.safeParse(data);
      if (!notification.success) return null;
      const { id, type } = notification.data.resourceInfo;
      const kind = KINDS[type.toLowerCase()];
      return kind ? toEvent(kind, id, eventId) : null;
    }
    default:
      return null;
  }
}

function toEvent(kind: ResourceEvent['kind'], id: string, eventId: string): ResourceEvent | null {
  const parsed = parseArmId(id);
  if (parsed === null || KINDS[parsed.type] !== kind) return null;
  return { kind, resourceId: parsed.id, eventId };
}
