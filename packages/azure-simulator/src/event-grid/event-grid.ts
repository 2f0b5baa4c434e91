import type { Route } from '../arm/route.ts';
import type { RoleStore } from '../authorization/role-store.ts';
import type { Host } from '../gateway.ts';
import type { Random } from '../random.ts';
import { Collection, type Inventory } from '../resources/inventory.ts';
import type { StorageAccount } from '../storage/storage-account.ts';
import { CUSTOM_TOPIC_TYPE, type CustomTopic } from './custom-topic.ts';
import { customTopicRoutes } from './custom-topic-routes.ts';
import { Endpoints } from './endpoints.ts';
import type { EventHub } from './event-hub.ts';
import { EventSubscriptions } from './event-subscriptions.ts';
import { extensionRoutes } from './extension-routes.ts';
import { GridOperations, gridOperationRoutes } from './grid-operations.ts';
import { publishHost } from './publish-host.ts';
import { topicRoutes } from './topic-routes.ts';

interface Surroundings {
  readonly inventory: Inventory;
  readonly storageAccounts: Collection<StorageAccount>;
  readonly roles: RoleStore;
  readonly random: Random;
  readonly tenantId: string;
  readonly speed: number;
  readonly hub: EventHub;
  /** Carries a request to a webhook. */
  readonly deliver: (request: Request) => Promise<Response>;
  /** ARM ID of a function → URL of its trigger, on this machine. */
  readonly urls: Readonly<Record<string, string>>;
}

/** What the resource manager answers for Event Grid, and the host where events are published. */
export function createEventGrid(around: Surroundings): {
  readonly routes: readonly Route[];
  readonly host: Host;
} {
  const { inventory, hub } = around;
  const topics = new Collection<CustomTopic>(CUSTOM_TOPIC_TYPE, inventory);
  const subscriptions = new EventSubscriptions(hub, new Endpoints(around));
  const operations = new GridOperations(around.speed);
  const all = { ...around, topics, subscriptions, operations };
  return {
    routes: [
      ...gridOperationRoutes(operations),
      ...topicRoutes(all),
      ...customTopicRoutes(all),
      ...extensionRoutes(all),
    ],
    host: publishHost(all),
  };
}
