import type { Answer } from './arm/answer.ts';
import type { Operation } from './arm/operation.ts';
import { parseResourceId, subscriptionScope } from './arm/resource-id.ts';
import type { Call, Route } from './arm/route.ts';
import { deletionOf, notificationOf, resourceEvent } from './event-grid/event.ts';
import type { EventHub } from './event-grid/event-hub.ts';
import type { ManagedIdentity } from './identity/tokens.ts';
import type { Random } from './random.ts';
import type { Inventory } from './resources/inventory.ts';

interface Surroundings {
  readonly inventory: () => Inventory;
  readonly hub: EventHub;
  readonly random: Random;
  readonly identity: ManagedIdentity;
}

interface Pending {
  readonly call: Call;
  readonly operationName: string;
}

/** Turns what was done into events: at once, or when a long-running operation ends. */
export class ChangeEvents {
  readonly #around: Surroundings;
  readonly #pending = new Map<string, Pending>();

  constructor(around: Surroundings) {
    this.#around = around;
  }

  afterCall(call: Call, { operationName }: Route, { status, operationId }: Answer): void {
    if (!operationName || status >= 300) return;
    const pending = { call, operationName };
    if (operationId) this.#pending.set(operationId, pending);
    else this.#raise(pending, true);
  }

  operationEnded({ id, state }: Operation): void {
    const pending = this.#pending.get(id);
    if (!pending) return;
    this.#pending.delete(id);
    this.#raise(pending, state === 'Succeeded');
  }

  /** Resources that changed without being written: the notifications topic alone says so. */
  changed(resourceIds: readonly string[]): void {
    const { hub, random } = this.#around;
    for (const id of resourceIds) {
      const resource = this.#around.inventory().find(id);
      if (!resource) continue;
      hub.raise(notificationOf(random.guid(), subscriptionScope(resource.id), resource));
    }
  }

  /**
   * Resources that went with the one that a call deleted: each is told of as if it had been deleted
   * by itself. Assumed: Compute deletes disks in the name of the caller.
   */
  removed(resourceIds: readonly string[], call: Call): void {
    for (const id of resourceIds) {
      const { type } = parseResourceId(id) ?? { type: '' };
      const own = { ...call, url: new URL(`${id}${call.url.search}`, call.url) };
      this.#raise({ call: own, operationName: `${type}/delete` }, true);
    }
  }

  /** A write that nobody made through this simulator. */
  announce(resourceId: string): void {
    const { random, identity } = this.#around;
    const { type } = parseResourceId(resourceId) ?? { type: '' };
    const call: Call = {
      method: 'PUT',
      url: new URL(`https://management.azure.com${resourceId}?api-version=2024-03-02`),
      headers: {},
      body: undefined,
      params: {},
      query: new URLSearchParams(),
      apiVersion: '2024-03-02',
      // Somebody else: handlers may overlook what their own identity did.
      caller: { objectId: random.guid(), appId: identity.appId },
      correlationId: random.guid(),
      requestId: random.guid(),
      failOperation: null,
    };
    this.#raise({ call, operationName: `${type}/write` }, true);
  }

  #raise({ call, operationName }: Pending, succeeded: boolean): void {
    const { hub, random, identity } = this.#around;
    const path = decodeURIComponent(call.url.pathname);
    const topic = subscriptionScope(path);
    // What happens above subscriptions is no event of theirs.
    if (topic === '') return;
    const resourceId = operationName.endsWith('/action')
      ? path.slice(0, path.lastIndexOf('/'))
      : path;
    hub.raise(
      resourceEvent({
        id: random.guid(),
        topic,
        resourceId,
        operationName,
        succeeded,
        call,
        identity,
      }),
    );
    if (!succeeded || operationName.endsWith('/action')) return;
    const written = resourceId.replace(/\/providers\/Microsoft\.Resources\/tags\/default$/i, '');
    if (!operationName.endsWith('/delete')) {
      this.changed([written]);
      return;
    }
    const { type } = parseResourceId(written) ?? { type: '' };
    hub.raise(deletionOf(random.guid(), topic, written, type));
  }
}
