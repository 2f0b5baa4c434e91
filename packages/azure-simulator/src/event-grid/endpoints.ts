import { ArmError } from '../arm/arm-error.ts';
import { sameId } from '../arm/resource-id.ts';
import type { Collection } from '../resources/inventory.ts';
import type { StorageAccount } from '../storage/storage-account.ts';
import type { EventSubscription } from './delivery.ts';
import type { Destination } from './destination.ts';

type Connected = Pick<EventSubscription, 'endpointType' | 'endpointUrl' | 'deliver'>;

interface Surroundings {
  /** Carries a request to a webhook, or to the endpoint of a function. */
  readonly deliver: (request: Request) => Promise<Response>;
  readonly storageAccounts: Collection<StorageAccount>;
  /** ARM ID of a function → URL of its trigger, on this machine. */
  readonly urls: Readonly<Record<string, string>>;
}

/** The receivers of events, by what subscriptions say of them. */
export class Endpoints {
  readonly #around: Surroundings;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** @throws ArmError 400 for a resource that is not there. The text is known, the code assumed. */
  connect(destination: Destination): Connected {
    const { deliver } = this.#around;
    const { endpointType } = destination;
    if (endpointType === 'WebHook') return { endpointType, endpointUrl: destination.url, deliver };
    if (endpointType === 'StorageQueue') return this.#queue(destination);
    const { resourceId } = destination;
    const [, endpointUrl] =
      Object.entries(this.#around.urls).find(([id]) => sameId(id, resourceId)) ?? [];
    if (endpointUrl === undefined) throw notFound(resourceId);
    return { endpointType, endpointUrl, deliver };
  }

  #queue({ endpointType, accountId, queue }: Destination & { endpointType: 'StorageQueue' }) {
    const account = this.#around.storageAccounts.find(accountId);
    if (!account) throw notFound(accountId);
    return {
      endpointType,
      endpointUrl: `https://${account.name}.queue.core.windows.net/${queue}/messages`,
      deliver: async (request: Request) => {
        const body: unknown = await request.json();
        account.queue(queue).push(...(Array.isArray(body) ? body : [body]));
        return new Response(null, { status: 201 });
      },
    };
  }
}

function notFound(resourceId: string): ArmError {
  return new ArmError(
    400,
    'InvalidRequest',
    `Destination endpoint not found. Resource details: resourceId: ${resourceId}. Resource should pre-exist before attempting this operation.`,
  );
}
