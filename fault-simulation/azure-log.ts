import { createHash } from 'node:crypto';
import type { Exchange } from '@keyturn/azure-simulator/gateway';
import type { Truth } from '@keyturn/azure-simulator/truth';
import type { StoryPolicy } from './story.ts';

/** A call that reached the simulated Azure, and what came of it. */
export interface AzureCall {
  readonly kind: 'call';
  readonly atMs: number;
  /** When it was sent; it may have been on its way for a while. */
  readonly sentMs: number;
  readonly by: 'keyturn' | 'others';
  readonly method: string;
  /** Without query, and but for keys without host; lower case. */
  readonly path: string;
  readonly status: number;
}

/** How everything stood at an instant. */
export interface Picture {
  readonly kind: 'picture';
  readonly atMs: number;
  readonly vms: Truth['vms'];
  readonly disks: Truth['disks'];
  readonly sets: Truth['encryptionSets'];
  readonly policy: StoryPolicy | 'broken';
  /** Scopes that people stopped. */
  readonly stops: readonly string[];
  /** Whether keyturn's own store gives no answer. */
  readonly storeIsAway: boolean;
}

/** Something that was done or heard beside what Azure was asked. */
export interface Deed {
  readonly kind:
    | 'approved'
    | 'terminated'
    /** A host takes up its work. */
    | 'host-started'
    | 'state-lost'
    | 'crashed'
    /** keyturn sends a call, whether or not it will arrive. */
    | 'deallocation-sent'
    | 'start-sent'
    /** keyturn hears that Azure does not take a deallocation. */
    | 'deallocation-refused'
    /** keyturn does not hear whether Azure took one. */
    | 'deallocation-unheard'
    /** The instance that holds a VM off has ended, as a sweep begins. */
    | 'ended-while-off'
    /** keyturn hears that the key behind the set of a region cannot be used. */
    | 'key-refused'
    /** keyturn reads that a start has failed for want of room. */
    | 'no-room'
    /** People let a set, or everything, go on. */
    | 'resumed';
  readonly atMs: number;
  /** ARM ID of the VM; of `key-refused` a region, of `resumed` the scope. */
  readonly target: string;
}

export type Entry = AzureCall | Picture | Deed;

/** Header with which a call of keyturn says when it was sent. */
export const SENT_AT = 'x-sent-at';

/** How old the latest picture may be when anything is called. */
const FRESH_MS = 15_000;

interface Standing {
  readonly policy: StoryPolicy | 'broken';
  readonly stops: readonly string[];
  /** Whether keyturn's own store gives no answer. */
  readonly storeIsAway: boolean;
}

/** Writes down what reaches the simulated Azure, with pictures of how it stands. */
export class AzureLog {
  readonly entries: Entry[] = [];
  readonly #truth: () => Truth;
  readonly #standing: () => Standing;
  readonly #hash = createHash('sha256');
  #lastPictureMs = Number.NEGATIVE_INFINITY;

  constructor(truth: () => Truth, standing: () => Standing) {
    this.#truth = truth;
    this.#standing = standing;
  }

  /** Takes an exchange as the simulator tells it, right after Azure answered. */
  exchange(exchange: Exchange): void {
    const { kind, method, url, statusCode, requestHeaders, requestBody } = exchange;
    const atMs = Date.now();
    // Events quote request IDs, which clients draw anew each time; hosts count how many there were.
    const heard = kind === 'eventgrid-delivery' ? new URL(url).search : `${url} ${requestBody}`;
    this.#hash.update(`${atMs} ${method} ${heard} ${statusCode}\n`);
    if (kind === 'eventgrid-delivery') return;
    const isRead = method === 'GET' || url.includes('Microsoft.ResourceGraph');
    const { host, pathname } = new URL(url);
    const isKey = pathname.startsWith('/keys/');
    const path = decodeURIComponent(isKey ? host + pathname : pathname).toLowerCase();
    this.#hearOfKey(exchange);
    this.#hearOfRoom(exchange, path);
    const isDue = atMs - this.#lastPictureMs >= FRESH_MS;
    if (isRead && !isKey && !isDue) return;
    if (!isRead || isKey) {
      const sent = requestHeaders[SENT_AT];
      const by = sent === undefined ? 'others' : 'keyturn';
      const sentMs = Number(sent ?? atMs);
      this.entries.push({ kind: 'call', atMs, sentMs, by, method, path, status: statusCode });
    }
    this.picture();
  }

  /** Updates of disks are refused because of the key, or fail because of it later. */
  #hearOfKey({ method, url, responseBody, requestHeaders }: Exchange): void {
    if (requestHeaders[SENT_AT] === undefined) return;
    if (!/"code":\s*"KeyVault(Access|Key|Encryption)\w*"/.test(responseBody)) return;
    const [, operationsOf] = /\/locations\/(\w+)\/DiskOperations\//i.exec(url) ?? [];
    const [diskId] = /\/subscriptions\/.*\/disks\/[^/?]+/i.exec(url) ?? [];
    const disk =
      diskId && this.#truth().disks.find(({ id }) => id.toLowerCase() === diskId.toLowerCase());
    const region = operationsOf ?? (method === 'PATCH' && disk ? disk.region : undefined);
    // With the store away nobody can be told: others may find it out for themselves.
    if (region && !this.#standing().storeIsAway) this.deed('key-refused', region.toLowerCase());
  }

  /** The instance view says why the last start failed. */
  #hearOfRoom({ method, responseBody, requestHeaders }: Exchange, path: string): void {
    if (method !== 'GET' || requestHeaders[SENT_AT] === undefined) return;
    if (this.#standing().storeIsAway || !responseBody.includes('/failed/AllocationFailed')) return;
    if (/\/virtualmachines\/[^/]+$/.test(path)) this.deed('no-room', path);
  }

  picture(): Picture {
    const { vms, disks, encryptionSets: sets } = this.#truth();
    const picture = { kind: 'picture' as const, atMs: Date.now(), vms, disks, sets };
    const entry = { ...picture, ...this.#standing() };
    this.#lastPictureMs = entry.atMs;
    this.entries.push(entry);
    return entry;
  }

  deed(kind: Deed['kind'], target: string): void {
    this.entries.push({ kind, atMs: Date.now(), target });
  }

  /** The same for two runs in which Azure heard the same at the same times. */
  digest(): string {
    return this.#hash.copy().digest('hex').slice(0, 16);
  }
}
