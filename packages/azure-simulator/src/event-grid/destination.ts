import { type JsonObject, objectAt, textAt } from '../resources/json.ts';

/** Where the events of a subscription go. */
export type Destination =
  | { readonly endpointType: 'WebHook'; readonly url: string }
  | { readonly endpointType: 'AzureFunction'; readonly resourceId: string }
  | { readonly endpointType: 'StorageQueue'; readonly accountId: string; readonly queue: string };

const FUNCTION =
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Web\/sites\/[^/]+\/functions\/[^/]+$/i;
const QUEUE_NAME = /^[a-z0-9](-?[a-z0-9])+$/;

/** The destination of a subscription, as itself or with the identity that delivers there. */
export function destinationIn(properties: JsonObject): JsonObject {
  const withIdentity = objectAt(properties, 'deliveryWithResourceIdentity');
  return objectAt('destination' in properties ? properties : withIdentity, 'destination');
}

/** What there is of the destination, or what is wrong with it; `undefined` for an unknown type. */
export function readDestination(destination: JsonObject): Destination | string | undefined {
  const properties = objectAt(destination, 'properties');
  const resourceId = textAt(properties, 'resourceId') ?? '';
  switch (textAt(destination, 'endpointType') ?? 'WebHook') {
    case 'WebHook': {
      const url = textAt(properties, 'endpointUrl') ?? '';
      if (!URL.canParse(url)) return 'destination.properties.endpointUrl must be a URL.';
      return { endpointType: 'WebHook', url };
    }
    case 'AzureFunction':
      if (!FUNCTION.test(resourceId)) {
        return 'destination.properties.resourceId must be the ID of a function.';
      }
      return { endpointType: 'AzureFunction', resourceId };
    case 'StorageQueue': {
      const queue = textAt(properties, 'queueName') ?? '';
      if (!QUEUE_NAME.test(queue))
        return 'destination.properties.queueName must be a queue’s name.';
      return { endpointType: 'StorageQueue', accountId: resourceId, queue };
    }
    default:
      return undefined;
  }
}
