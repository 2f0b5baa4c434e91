import { ArmError, resourceNotFound } from '../arm/arm-error.ts';
import { parseResourceId } from '../arm/resource-id.ts';
import { VAULT_TYPE } from '../keyvault/vault.ts';
import type { Collection, Inventory } from '../resources/inventory.ts';
import type { CustomTopic } from './custom-topic.ts';
import type { EventTopic } from './event-topic.ts';

const SUBSCRIPTION = /^\/subscriptions\/([^/]+)$/i;
const GROUP = /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)$/i;

interface Surroundings {
  readonly inventory: Inventory;
  readonly topics: Collection<CustomTopic>;
}

/**
 * The topic behind a scope that event subscriptions are made on: a custom topic, or the implicit
 * one of a subscription, a group or a key vault.
 *
 * Source: "System topics in Azure Event Grid". Other resources have events too, not here.
 *
 * @throws ArmError 404, or 501 for a resource whose events are not simulated
 */
export function implicitTopic(scope: string, { inventory, topics }: Surroundings): EventTopic {
  const global = { id: scope, source: scope, location: 'global', takesCloudEvents: false };
  const [, ofWhole] = SUBSCRIPTION.exec(scope) ?? [];
  if (ofWhole !== undefined) {
    inventory.requireSubscription(ofWhole);
    return { ...global, kind: 'resources', topicType: 'Microsoft.Resources.Subscriptions' };
  }
  const [, subscription, group] = GROUP.exec(scope) ?? [];
  if (subscription !== undefined && group !== undefined) {
    inventory.requireGroup({ subscription, group });
    return { ...global, kind: 'resources', topicType: 'Microsoft.Resources.ResourceGroups' };
  }
  const custom = topics.find(scope);
  if (custom) return custom.topic;
  const resource = inventory.find(scope);
  if (resource?.type === VAULT_TYPE) {
    const { id, location } = resource;
    const topicType = 'Microsoft.KeyVault.vaults';
    return { ...global, id, source: id, location, kind: 'key-vault', topicType };
  }
  const named = parseResourceId(scope);
  if (named && !resource) throw resourceNotFound(named.type, named.name, named.group);
  throw new ArmError(501, 'NotSimulated', `The simulated Event Grid knows no events of ${scope}.`);
}
