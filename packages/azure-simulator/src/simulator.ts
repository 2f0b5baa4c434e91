import { bodyText } from './arm/answer.ts';
import type { DrawnDuration } from './arm/operations.ts';
import { RateLimits } from './arm/rate-limits.ts';
import type { Call, Route } from './arm/route.ts';
import { aroundCalls } from './around-calls.ts';
import { refuseIfForbidden } from './authorization/access-rules.ts';
import { refuseIfDisallowed } from './azure-policy/policy-refusal.ts';
import { ChangeEvents } from './change-events.ts';
import { Conditions } from './conditions.ts';
import { control, isControl } from './control/control-plane.ts';
import { personToken, type TokenRequest } from './entra/person-token.ts';
import { EstateBuilder } from './estate/estate-builder.ts';
import type { EstateDescription } from './estate/estate-description.ts';
import type { EventSubscription } from './event-grid/delivery.ts';
import { createEventGrid } from './event-grid/event-grid.ts';
import { EventHub } from './event-grid/event-hub.ts';
import { deliverToWebhook } from './event-grid/webhook.ts';
import { EXCHANGES } from './exchanges.ts';
import { FaultQueue, type Faults } from './faults.ts';
import { type Exchange, Gateway, type Host } from './gateway.ts';
import { hostsOf } from './hosts.ts';
import { createHttpClient, readBody, type SdkHttpClient } from './http-client.ts';
import type { ManagedIdentity } from './identity/tokens.ts';
import { connectVaults } from './keyvault/connect-vaults.ts';
import { Random } from './random.ts';
import { refuseWriteIfDisabled } from './resources/disabled-subscription.ts';
import { refuseUnknownSubscription } from './resources/known-subscription.ts';
import { refuseIfLocked } from './resources/lock-rules.ts';
import { type Truth, tellTruth } from './truth.ts';
import { createWorld, type World } from './world.ts';

const SUBSCRIPTION = '5d4f6a0e-3c1b-4f7e-9a52-0c7e8b1d2f30';
const TENANT = '8a1b6c3e-2f4d-4e5a-9b7c-6d0e1f2a3b4c';

export interface SimulatorOptions {
  /** Same seed, same identifiers and durations; 1 when absent. */
  readonly seed?: number;
  /** Divides durations and waiting times, multiplies the refill of rate limits; 1 when absent. */
  readonly speed?: number;
  readonly estate?: EstateDescription;
  /** Items of a list in one answer; 50 when absent. */
  readonly pageSize?: number;
  /** The longest that Resource Graph is behind a write, divided by the speed; 5 s when absent, 0 for never. */
  readonly graphLagMs?: number;
  /** Told of every exchange and every delivery. */
  readonly record?: (exchange: Exchange) => void;
  /** Carries requests to webhooks of event subscriptions; to this machine alone when absent. */
  readonly deliverWebhook?: (request: Request) => Promise<Response>;
  /** ARM ID of a function → URL of its Event Grid trigger on this machine; beside the estate's. */
  readonly endpoints?: Readonly<Record<string, string>>;
}

/** An Azure in memory. A value: make one per test. */
export interface Simulator {
  /**
   * Answers any request to a host of Azure's or to the identity endpoint.
   *
   * @throws ConnectionDroppedError when a fault says so.
   */
  handle(request: Request): Promise<Response>;
  /** For the `httpClient` option of SDK clients: no socket, no timer. */
  readonly httpClient: SdkHttpClient;
  /** The first subscription, if there are several. */
  readonly subscriptionId: string;
  readonly tenantId: string;
  /** The managed identity whose tokens the identity endpoint gives. */
  readonly identity: ManagedIdentity;
  readonly faults: Faults;
  /** What is out, or closed, until it is given back. */
  readonly conditions: Conditions;
  /** Adds resources and changes them behind everybody's back. */
  readonly estate: EstateBuilder;
  readonly drawnDurations: readonly DrawnDuration[];
  /** Delivers the events of every subscription that is there now. */
  subscribe(subscription: EventSubscription): void;
  /** An access token of the directory, as a person gets it who signs in. */
  personToken(request: TokenRequest): string;
  /** Raises the events of a write, as if somebody had just made or changed the resource. */
  announce(resourceId: string): void;
  truth(): Truth;
  /** `running`, `deallocated`, …; by ARM ID or name. */
  powerState(vm: string): string;
  /** Drops all timers: nothing happens any more. */
  close(): void;
}

export function createSimulator(options: SimulatorOptions = {}): Simulator {
  const { seed = 1, speed = 1, estate, record, pageSize = 50 } = options;
  const { deliverWebhook = deliverToWebhook } = options;
  const tell = listener(record);
  const random = new Random(seed);
  const subscriptionId = estate?.subscriptionId ?? SUBSCRIPTION;
  const tenantId = estate?.tenantId ?? TENANT;
  const identity = { tenantId, objectId: random.guid(), appId: random.guid() };
  const faults = new FaultQueue();
  const hub = new EventHub({ faults, random, speed });
  const inventory = () => world.inventory;
  const events = new ChangeEvents({ inventory, hub, random, identity });
  const world: World = createWorld({
    subscriptionId,
    tenantId,
    callerId: identity.objectId,
    random,
    speed,
    changed: (ids) => events.changed(ids),
    removed: (ids, call) => events.removed(ids, call),
    expiredKeyStopsMachines: estate?.expiredKeyStopsMachines ?? false,
    graphLagMs: options.graphLagMs ?? 5000,
  });
  const settle = () => settleAll(world);
  connectVaults(world, hub);
  const builder = new EstateBuilder(world);
  if (estate) builder.load(estate);
  const grid = createEventGrid({ ...world, hub, deliver: deliverWebhook, urls: urlsOf(options) });
  const gateway = new Gateway({
    hosts: [...withRoutes(hostsOf(world, identity), grid.routes), grid.host],
    faults,
    limits: new RateLimits(speed),
    random,
    identity,
    pageSize,
    refuse: (call) => refuse(call, world),
    settle,
    ...aroundCalls(world, events),
    record: tell,
  });
  if (tell) hub.onDelivery = (delivery) => tell(deliveryExchange(delivery));
  const simulator: Simulator = {
    handle: (request) =>
      isControl(request) ? control(request, simulator) : handle(gateway, request),
    httpClient: createHttpClient(gateway),
    subscriptionId,
    tenantId,
    identity,
    faults,
    conditions: new Conditions(world),
    estate: builder,
    drawnDurations: world.operations.drawn,
    subscribe: (subscription) => subscribeToAll(subscription, world, hub),
    personToken: (request) => personToken(world.signingKey, tenantId, request),
    announce: (resourceId) => events.announce(resourceId),
    truth() {
      settle();
      return tellTruth(world, gateway, hub);
    },
    powerState(vm) {
      settle();
      return powerOf(world, vm);
    },
    close: () => closeAll(world, hub),
  };
  return simulator;
}

function urlsOf({ estate, endpoints }: SimulatorOptions): Readonly<Record<string, string>> {
  return { ...estate?.endpoints, ...endpoints };
}

/** Does what is due by the clock. */
function settleAll({ operations, keyClock, keyWatch }: World): void {
  operations.settle();
  keyClock.settle();
  keyWatch.look();
}

function closeAll({ operations, rounds, keyClock }: World, hub: EventHub): void {
  operations.close();
  rounds.close();
  keyClock.close();
  hub.close();
}

/** @throws ArmError for what is not there or not allowed, in the order of the resource manager. */
function refuse(call: Call, { inventory, roles, locks, policies }: World): void {
  refuseUnknownSubscription(call, inventory);
  refuseIfForbidden(call, roles);
  refuseWriteIfDisabled(call, inventory);
  refuseIfLocked(call, locks);
  refuseIfDisallowed(call, policies, inventory);
}

function subscribeToAll(subscription: EventSubscription, { inventory }: World, hub: EventHub) {
  for (const { id } of inventory.subscriptions()) {
    hub.subscribe(subscription, `/subscriptions/${id}`);
  }
}

/** `undefined` when nobody listens, so that nothing is written down for nobody. */
function listener(record: SimulatorOptions['record']): SimulatorOptions['record'] {
  if (!EXCHANGES.hasSubscribers) return record;
  return (exchange) => {
    record?.(exchange);
    EXCHANGES.publish(exchange);
  };
}

function powerOf({ vms }: World, vm: string): string {
  const found = vms.list().find(({ id, name }) => id === vm || name === vm);
  if (!found) throw new Error(`no such virtual machine: ${vm}`);
  return found.power;
}

/** The resource manager with more to answer. */
function withRoutes(hosts: readonly Host[], routes: readonly Route[]): readonly Host[] {
  return hosts.map((host) =>
    host.isResourceManager ? { ...host, routes: [...routes, ...host.routes] } : host,
  );
}

async function handle(gateway: Gateway, request: Request): Promise<Response> {
  const answered = await gateway.serve({
    method: request.method,
    url: new URL(request.url),
    headers: Object.fromEntries(request.headers),
    ...readBody(await request.text()),
  });
  const { status, headers } = answered;
  // A response with these statuses must not have a body, not even an empty one.
  const body = status === 204 || status === 304 ? null : bodyText(answered);
  return new Response(body, { status, headers });
}

function deliveryExchange({
  subscription,
  headers,
  body,
  status,
}: Parameters<EventHub['onDelivery']>[0]): Exchange {
  return {
    kind: 'eventgrid-delivery',
    method: 'POST',
    url: subscription.endpointUrl,
    requestHeaders: headers,
    requestBody: body,
    statusCode: status,
    responseHeaders: {},
    responseBody: '',
  };
}
