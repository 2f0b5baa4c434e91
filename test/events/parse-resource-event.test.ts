import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseResourceEvent } from '../../src/events/parse-resource-event.ts';
import { diskId, GROUP, SUBSCRIPTION, setId, vmId } from '../support/builders.ts';

const DISK = diskId('data-1');
const VM = vmId('vm-1');
const WRITE = 'Microsoft.Resources.ResourceWriteSuccess';
const ACTION = 'Microsoft.Resources.ResourceActionSuccess';
const NOTIFICATION = 'Microsoft.ResourceNotifications.Resources.CreatedOrUpdated';
const EVENT_ID = '4db48cba-50a2-455a-93b4-de41a3b5b7f6';

type Schema = 'Event Grid schema' | 'CloudEvents';
const SCHEMAS: readonly Schema[] = ['Event Grid schema', 'CloudEvents'];

/** An envelope of Event Grid. Source: "Azure Event Grid event schema", "CloudEvents v1.0 schema". */
function envelope(schema: Schema, type: string, subject: string, data: unknown): object {
  const common = { id: EVENT_ID, subject, data };
  const time = '2026-05-31T18:38:04.6117357Z';
  const source = `/subscriptions/${SUBSCRIPTION}`;
  return schema === 'CloudEvents'
    ? { ...common, type, time, source, specversion: '1.0' }
    : {
        ...common,
        eventType: type,
        eventTime: time,
        topic: source,
        dataVersion: '2',
        metadataVersion: '1',
      };
}

/** Source: "Azure subscription as an Event Grid source". */
function anOperation(operationName: string, resourceUri: string, differences: object = {}): object {
  return {
    authorization: {
      scope: resourceUri,
      action: operationName,
      evidence: { role: 'Contributor' },
    },
    claims: { 'http://schemas.microsoft.com/identity/claims/objectidentifier': 'someone' },
    correlationId: 'c0ffee00-0000-4000-8000-000000000000',
    httpRequest: { method: 'PATCH', url: `https://management.azure.com${resourceUri}` },
    resourceProvider: 'Microsoft.Compute',
    resourceUri,
    operationName,
    status: 'Succeeded',
    subscriptionId: SUBSCRIPTION,
    ...differences,
  };
}

/** Source: "Azure Resource Notifications - Resources events": its booleans arrive as numbers. */
function aNotification(id: string, type: string): object {
  return {
    resourceInfo: {
      id,
      name: 'x',
      type,
      location: 'westeurope',
      tags: {},
      properties: { burstingEnabled: 0, supportsHibernation: 1, diskState: 'Attached' },
    },
    apiVersion: '2024-03-02',
    operationalInfo: { resourceEventTime: '2026-05-31T18:38:04.6117357Z' },
  };
}

function anEvent(differences: object = {}): object {
  const data = anOperation('Microsoft.Compute/disks/write', DISK);
  return { ...envelope('Event Grid schema', WRITE, DISK, data), ...differences };
}

describe.for(SCHEMAS)('in %s', (schema) => {
  test.for<[kind: 'disk' | 'vm', type: string, operation: string, id: string]>([
    ['disk', WRITE, 'Microsoft.Compute/disks/write', DISK],
    ['disk', ACTION, 'Microsoft.Compute/disks/endGetAccess/action', DISK],
    ['vm', WRITE, 'Microsoft.Compute/virtualMachines/write', VM],
    ['vm', ACTION, 'Microsoft.Compute/virtualMachines/deallocate/action', VM],
    ['disk', WRITE, 'MICROSOFT.COMPUTE/DISKS/WRITE', DISK.toUpperCase()],
    ['vm', ACTION, 'microsoft.compute/virtualmachines/deallocate/action', VM.toLowerCase()],
  ])('reads a %s from %s of %s', ([kind, type, operation, id]) => {
    const event = envelope(schema, type, id, anOperation(operation, id));

    expect(parseResourceEvent(event)).toEqual({ kind, resourceId: id, eventId: EVENT_ID });
  });

  test.for<[kind: 'disk' | 'vm', type: string, id: string]>([
    ['disk', 'Microsoft.Compute/disks', DISK],
    ['disk', 'microsoft.compute/disks', DISK.toLowerCase()],
    ['vm', 'Microsoft.Compute/virtualMachines', VM],
    ['vm', 'MICROSOFT.COMPUTE/VIRTUALMACHINES', VM.toUpperCase()],
  ])('reads a %s from a notification about %s', ([kind, type, id]) => {
    const event = envelope(schema, NOTIFICATION, id, aNotification(id, type));

    expect(parseResourceEvent(event)).toEqual({ kind, resourceId: id, eventId: EVENT_ID });
  });

  test.for<[type: string, operation: string, id: string]>([
    [WRITE, 'Microsoft.Compute/diskEncryptionSets/write', setId('des-weu')],
    [
      WRITE,
      'Microsoft.Compute/snapshots/write',
      `${GROUP}/providers/Microsoft.Compute/snapshots/s`,
    ],
    [WRITE, 'Microsoft.Compute/virtualMachines/extensions/write', `${VM}/extensions/x`],
    [WRITE, 'Microsoft.Compute/virtualMachines/extensions/write', VM],
    [WRITE, 'Microsoft.Resources/tags/write', `${DISK}/providers/Microsoft.Resources/tags/default`],
    [WRITE, 'Microsoft.Authorization/roleAssignments/write', GROUP],
    [ACTION, 'Microsoft.Compute/virtualMachines/start/action', VM],
    [ACTION, 'Microsoft.Compute/virtualMachines/powerOff/action', VM],
    [ACTION, 'Microsoft.Compute/disks/beginGetAccess/action', DISK],
    ['Microsoft.Resources.ResourceDeleteSuccess', 'Microsoft.Compute/disks/delete', DISK],
    ['Microsoft.Resources.ResourceWriteFailure', 'Microsoft.Compute/disks/write', DISK],
    ['Microsoft.Resources.ResourceWriteCancel', 'Microsoft.Compute/disks/write', DISK],
    ['Microsoft.Storage.BlobCreated', 'Microsoft.Compute/disks/write', DISK],
    ['microsoft.resources.resourcewritesuccess', 'Microsoft.Compute/disks/write', DISK],
    [WRITE, 'constructor', DISK],
    [WRITE, '', DISK],
  ])('drops %s of %s', ([type, operation, id]) => {
    const event = envelope(schema, type, id, anOperation(operation, id));

    expect(parseResourceEvent(event)).toBeNull();
  });

  test.for<[what: string, type: string, data: object]>([
    [
      'another type',
      NOTIFICATION,
      aNotification(setId('x'), 'Microsoft.Compute/diskEncryptionSets'),
    ],
    [
      'a type that is not the one of its ID',
      NOTIFICATION,
      aNotification(VM, 'Microsoft.Compute/disks'),
    ],
    ['a member of every object', NOTIFICATION, aNotification(DISK, 'constructor')],
    [
      'a deletion',
      NOTIFICATION.replace('CreatedOrUpdated', 'Deleted'),
      aNotification(DISK, 'Microsoft.Compute/disks'),
    ],
    ['the data of an operation', NOTIFICATION, anOperation('Microsoft.Compute/disks/write', DISK)],
    ['the data of a notification', WRITE, aNotification(DISK, 'Microsoft.Compute/disks')],
  ])('drops a notification of %s', ([, type, data]) => {
    expect(parseResourceEvent(envelope(schema, type, DISK, data))).toBeNull();
  });
});

describe('reads an event', () => {
  const operation = 'Microsoft.Compute/disks/write';

  test.for<[what: string, differences: object]>([
    ['without an HTTP request', { httpRequest: undefined }],
    ['with an HTTP request that is null', { httpRequest: null }],
    ['with a role for all evidence', { authorization: { evidence: { role: 'Contributor' } } }],
    ['without claims', { claims: undefined }],
    ['with its ID only in the subject', { resourceUri: undefined }],
    ['with members that Azure may add', { somethingNew: [1, { a: null }] }],
  ])('%s', ([, differences]) => {
    const event = anEvent({ data: anOperation(operation, DISK, differences) });

    expect(parseResourceEvent(event)).toEqual({
      kind: 'disk',
      resourceId: DISK,
      eventId: EVENT_ID,
    });
  });

  test('whose subject is spelled in another way than its data', () => {
    const event = anEvent({ subject: DISK.replace('resourceGroups', 'resourcegroups') });

    expect(parseResourceEvent(event)?.resourceId).toBe(DISK);
  });

  test('without a subject', () => {
    expect(parseResourceEvent(anEvent({ subject: undefined }))?.resourceId).toBe(DISK);
  });

  test('and takes a trailing slash off its ID', () => {
    const event = anEvent({ data: anOperation(operation, `${DISK}/`) });

    expect(parseResourceEvent(event)?.resourceId).toBe(DISK);
  });

  test('however deep its data goes', () => {
    let deep: unknown = 1;
    for (let depth = 0; depth < 10_000; depth += 1) deep = { deep };
    const event = anEvent({ data: anOperation(operation, DISK, { deep }) });

    expect(parseResourceEvent(event)?.resourceId).toBe(DISK);
  });
});

describe('believes no ID that is not one', () => {
  test.for<[id: string]>([
    [''],
    ['/'],
    ['data-1'],
    [VM],
    [setId('des-weu')],
    [`${DISK}/../../virtualMachines/vm-1`],
    [`${DISK}?api-version=1`],
    [`${DISK}%2f..`],
    [`${DISK}\n`],
    [`https://evil.example${DISK}`],
    [`//evil.example${DISK}`],
    [DISK.replace('Microsoft.Compute', 'Evil.Compute')],
    [DISK.replace(SUBSCRIPTION, '..')],
    [diskId('d'.repeat(2_000))],
  ])('%j', ([id]) => {
    const operation = anOperation('Microsoft.Compute/disks/write', id);
    const notification = aNotification(id, 'Microsoft.Compute/disks');

    expect(parseResourceEvent(envelope('CloudEvents', WRITE, DISK, operation))).toBeNull();
    expect(
      parseResourceEvent(envelope('CloudEvents', NOTIFICATION, DISK, notification)),
    ).toBeNull();
  });

  test('nor in the subject', () => {
    const data = anOperation('Microsoft.Compute/disks/write', DISK, { resourceUri: undefined });

    expect(parseResourceEvent(anEvent({ subject: `${DISK}/../x`, data }))).toBeNull();
    expect(parseResourceEvent(anEvent({ subject: '', data }))).toBeNull();
    expect(parseResourceEvent(anEvent({ subject: undefined, data }))).toBeNull();
  });
});

describe('drops what is no event', () => {
  test.for<[what: string, payload: unknown]>([
    ['null', null],
    ['nothing', undefined],
    ['text', JSON.stringify(anEvent())],
    ['a number', 1],
    ['a list, which the host takes apart', [anEvent()]],
    ['an empty list', []],
    ['an empty object', {}],
    ['no ID', anEvent({ id: undefined })],
    ['an empty ID', anEvent({ id: '' })],
    ['a number for an ID', anEvent({ id: 1 })],
    ['an ID of 501 characters', anEvent({ id: 'i'.repeat(501) })],
    ['no type', anEvent({ eventType: undefined })],
    ['a list for a type', anEvent({ eventType: [WRITE] })],
    ['a type of every object', anEvent({ eventType: '__proto__' })],
    ['a number for a subject', anEvent({ subject: 1 })],
    ['a subject without end', anEvent({ subject: DISK.padEnd(2_001, 'x') })],
    ['no data', anEvent({ data: undefined })],
    ['null for data', anEvent({ data: null })],
    ['text for data', anEvent({ data: 'x' })],
    ['a list for data', anEvent({ data: [anOperation('Microsoft.Compute/disks/write', DISK)] })],
    ['empty data', anEvent({ data: {} })],
    ['a number for an operation', anEvent({ data: { operationName: 1, resourceUri: DISK } })],
    [
      'a list for a resource',
      anEvent({
        data: anOperation('Microsoft.Compute/disks/write', DISK, { resourceUri: [DISK] }),
      }),
    ],
    [
      'null for what a notification is about',
      anEvent({ eventType: NOTIFICATION, data: { resourceInfo: null } }),
    ],
    [
      'a handshake',
      {
        id: EVENT_ID,
        eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent',
        subject: '',
        data: { validationCode: 'x' },
      },
    ],
  ])('%s', ([, payload]) => {
    expect(parseResourceEvent(payload)).toBeNull();
  });
});

describe('whatever it is given', () => {
  /** An event, one of whose members is anything at all. */
  const nearlyAnEvent = fc
    .tuple(
      fc.constantFrom<Schema>(...SCHEMAS),
      fc.constantFrom(WRITE, ACTION, NOTIFICATION),
      fc.constantFrom('id', 'type', 'eventType', 'subject', 'data', 'resourceUri', 'resourceInfo'),
      fc.oneof(fc.anything(), fc.string(), fc.constantFrom(DISK, VM, `${DISK}/..`)),
      fc.boolean(),
    )
    .map(([schema, type, member, value, inData]) => {
      const data = {
        ...anOperation('Microsoft.Compute/disks/write', DISK),
        ...aNotification(DISK, 'Microsoft.Compute/disks'),
        ...(inData ? { [member]: value } : {}),
      };
      return { ...envelope(schema, type, DISK, data), ...(inData ? {} : { [member]: value }) };
    });

  test('never throws, and answers with an ID of the kind that it says, or null', () => {
    fc.assert(
      fc.property(fc.oneof(nearlyAnEvent, fc.anything(), fc.jsonValue()), (payload) => {
        const event = parseResourceEvent(payload);

        if (event !== null) expect([DISK, VM]).toContain(event.resourceId);
        if (event !== null) expect(event.kind).toBe(event.resourceId === DISK ? 'disk' : 'vm');
      }),
      { numRuns: 2_000 },
    );
  });
});
