import type { Management } from '../durable-task/management.ts';
import { RPC_PATH, WEBHOOK_PATH } from '../durable-task/management-urls.ts';
import type { EventGridTrigger } from '../triggers/event-grid.ts';
import type { Access } from './access.ts';
import type { Admin } from './admin.ts';
import { answer, type HttpAnswer, type HttpCall } from './call.ts';
import type { HttpTrigger } from './http-trigger.ts';

const HOME = '<!DOCTYPE html><title>keyturn</title><p>The embedded host is running.</p>';
const EVENT_GRID_PATH = '/runtime/webhooks/eventgrid';

/** Takes each call to the part of the host that answers it. */
export class Router {
  readonly #access: Access;
  readonly #management: Management;
  readonly #eventGrid: EventGridTrigger;
  readonly #http: HttpTrigger;
  readonly #admin: Admin;
  readonly #prefix: string;

  constructor(options: {
    access: Access;
    management: Management;
    eventGrid: EventGridTrigger;
    http: HttpTrigger;
    admin: Admin;
    routePrefix: string;
  }) {
    this.#access = options.access;
    this.#management = options.management;
    this.#eventGrid = options.eventGrid;
    this.#http = options.http;
    this.#admin = options.admin;
    this.#prefix = options.routePrefix === '' ? '/' : `/${options.routePrefix}/`;
  }

  async handle(call: HttpCall): Promise<HttpAnswer> {
    const path = call.url.pathname;
    if (path === EVENT_GRID_PATH) {
      return this.#access.refuseWebhook(call, 'eventGrid') ?? (await this.#eventGrid.handle(call));
    }
    const webhook = behind(path, WEBHOOK_PATH);
    if (webhook !== null) return this.#durable(call, webhook, 'webhook');
    const rpc = behind(path, RPC_PATH);
    if (rpc !== null) return this.#durable(call, rpc, 'rpc');
    if (path === '/admin/host/ping') {
      return answer(200, null, { 'cache-control': 'no-store,no-cache', pragma: 'no-cache' });
    }
    const admin = behind(path, '/admin');
    if (admin !== null) {
      return this.#access.refuseWebhook(call, 'master') ?? this.#admin.handle(call, admin);
    }
    if (path.toLowerCase().startsWith(this.#prefix)) {
      return await this.#http.handle(call, path.slice(this.#prefix.length));
    }
    return path === '/' ? answer(200, HOME, { 'content-type': 'text/html' }) : answer(404);
  }

  /** From the client library inside this process, which carries no key. */
  async handleTrusted(call: HttpCall): Promise<HttpAnswer> {
    const path = behind(call.url.pathname, RPC_PATH);
    return path === null ? this.handle(call) : this.#management.handle(call, path, 'rpc');
  }

  async #durable(call: HttpCall, path: string, door: 'webhook' | 'rpc'): Promise<HttpAnswer> {
    const refused = this.#access.refuseWebhook(call, 'durableTask');
    return refused ?? (await this.#management.handle(call, path, door));
  }
}

/** The rest of a path behind a prefix that ends at a slash; null when it is another path. */
function behind(path: string, prefix: string): string | null {
  if (!path.startsWith(prefix)) return null;
  const rest = path.slice(prefix.length);
  return rest === '' || rest.startsWith('/') ? rest : null;
}
