import type { Answer } from '../arm/answer.ts';
import { parseResourceId, startsWithId } from '../arm/resource-id.ts';
import type { Call } from '../arm/route.ts';
import type { Random } from '../random.ts';
import type { Inventory } from '../resources/inventory.ts';
import type { ResourceBody } from '../resources/resource.ts';

/** What the graph shows of a resource until a time; `null` while the resource was not there. */
interface Past {
  readonly body: ResourceBody | null;
  /** Infinite while the operation that changes it runs. */
  until: number;
}

interface Surroundings {
  readonly inventory: Inventory;
  readonly random: Random;
  readonly speed: number;
  /** The longest that a write takes to show; 0 for at once. */
  readonly lagMs: number;
  /** IDs of resources whose bodies change with another one's. */
  readonly neighbours: (id: string) => readonly string[];
}

/** The least of the longest lag that a write takes. */
const LEAST = 0.2;
const GROUP = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/?$/i;

/**
 * How far Resource Graph is behind: what was before a write still shows for a while after it.
 * A list of what changed and when, not a copy of everything.
 *
 * Source: "What is Azure Resource Graph?": it is notified of changes, without a promise of when.
 * That it is seconds is assumed.
 */
export class GraphLag {
  readonly #around: Surroundings;
  readonly #pasts = new Map<string, Past[]>();
  readonly #open = new Map<string, readonly Past[]>();
  #latest: readonly Past[] = [];
  #writes = 0;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** Keeps how things are before a call may change them. */
  before({ method, url }: Call): void {
    this.#latest = [];
    if (method === 'GET' || method === 'HEAD' || this.#around.lagMs === 0) return;
    this.#writes += 1;
    const until = this.#untilShown();
    this.#latest = this.#affected(method, decodeURIComponent(url.pathname)).map((id) => {
      const past = { body: this.#around.inventory.find(id)?.body() ?? null, until };
      this.#pasts.set(key(id), [...this.#of(id), past]);
      return past;
    });
  }

  /** What the call before it began goes on until the operation ends. */
  after({ operationId }: Answer): void {
    if (!operationId) return;
    for (const past of this.#latest) past.until = Number.POSITIVE_INFINITY;
    this.#open.set(operationId, this.#latest);
  }

  operationEnded(operationId: string): void {
    const until = this.#untilShown();
    for (const past of this.#open.get(operationId) ?? []) past.until = until;
    this.#open.delete(operationId);
  }

  /** Every resource as the graph shows it now. */
  bodies(): readonly ResourceBody[] {
    const shown: ResourceBody[] = [];
    for (const resource of this.#around.inventory.all()) {
      const [past] = this.#of(resource.id);
      const body = past ? past.body : resource.body();
      if (body) shown.push(body);
    }
    for (const id of this.#pasts.keys()) {
      const [past] = this.#around.inventory.find(id) ? [] : this.#of(id);
      if (past?.body) shown.push(past.body);
    }
    return shown;
  }

  /** What is not over yet, the oldest first. */
  #of(id: string): Past[] {
    const kept = this.#pasts.get(key(id));
    if (!kept) return [];
    const now = Date.now();
    const left = kept.filter(({ until }) => until > now);
    if (left.length === 0) this.#pasts.delete(key(id));
    else this.#pasts.set(key(id), left);
    return left;
  }

  #untilShown(): number {
    const { random, speed, lagMs } = this.#around;
    const share = LEAST + (1 - LEAST) * random.at(`graph ${this.#writes}`);
    return Date.now() + (lagMs * share) / speed;
  }

  #affected(method: string, path: string): readonly string[] {
    const { inventory, neighbours } = this.#around;
    if (method === 'DELETE' && GROUP.test(path)) {
      const all = inventory.all().map(({ id }) => id);
      return all.filter((id) => startsWithId(id, path.replace(/\/$/, '')));
    }
    const place = parseResourceId(path);
    if (!place) return [];
    const { subscription, group, type, name } = place;
    const asked = `/subscriptions/${subscription}/resourceGroups/${group}/providers/${type}/${name}`;
    const id = inventory.find(asked)?.id ?? asked;
    return [id, ...neighbours(id)];
  }
}

function key(id: string): string {
  return id.toLowerCase();
}
