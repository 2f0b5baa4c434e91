import { eventTime } from '../arm/time.ts';
import { isObject } from '../resources/json.ts';
import { type EventSubscription, send } from './delivery.ts';

interface Invitation {
  readonly id: string;
  readonly code: string;
  readonly topic: string;
}

/**
 * Asks an endpoint whether it wants events at all.
 *
 * Source: "Endpoint validation with Event Grid event schema" and "… with CloudEvents schema". The
 * Functions extension answers a posted validation also for CloudEvents, so that is tried second.
 * Resources of Azure are not asked: whoever subscribes them must be allowed to write them.
 */
export async function validateEndpoint(
  to: EventSubscription,
  invitation: Invitation,
): Promise<boolean> {
  if (to.endpointType && to.endpointType !== 'WebHook') return true;
  if (to.schema === 'EventGridSchema') return answersCode(to, invitation, [gridEvent(invitation)]);
  const allowed = await send(to, {
    method: 'OPTIONS',
    headers: { 'webhook-request-origin': 'eventgrid.azure.net' },
  });
  if (allowed?.ok && allowed.headers.get('webhook-allowed-origin')) return true;
  return answersCode(to, invitation, cloudEvent(invitation));
}

async function answersCode(
  to: EventSubscription,
  { code }: Invitation,
  body: object,
): Promise<boolean> {
  const response = await send(to, {
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'aeg-event-type': 'SubscriptionValidation',
      'aeg-subscription-name': to.name.toUpperCase(),
    },
    body: JSON.stringify(body),
  });
  if (response?.status !== 200) return false;
  const answered: unknown = await response.json().catch(() => null);
  return isObject(answered) && answered['validationResponse'] === code;
}

function validation({ code }: Invitation): object {
  return {
    validationCode: code,
    validationUrl: `https://rp-westeurope.eventgrid.azure.net:553/eventsubscriptions/validate?id=${code}`,
  };
}

function gridEvent(invitation: Invitation): object {
  return {
    id: invitation.id,
    topic: invitation.topic,
    subject: '',
    data: validation(invitation),
    eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent',
    eventTime: eventTime(Date.now()),
    metadataVersion: '1',
    dataVersion: '2',
  };
}

/** The extension reads `data` of a CloudEvent as JSON in a string. */
function cloudEvent(invitation: Invitation): object {
  return {
    id: invitation.id,
    source: invitation.topic,
    subject: '',
    data: JSON.stringify(validation(invitation)),
    type: 'Microsoft.EventGrid.SubscriptionValidationEvent',
    time: eventTime(Date.now()),
    specversion: '1.0',
  };
}
