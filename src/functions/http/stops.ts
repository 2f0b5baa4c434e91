import {
  app,
  type HttpRequest,
  type HttpResponseInit,
  type InvocationContext,
} from '@azure/functions';
import { z } from 'zod';
import { sameId } from '../../domain/azure/arm-id.ts';
import type { Stop } from '../../domain/turn/stop.ts';
import {
  describeStopScope,
  EVERYTHING,
  parseStopScope,
  stopScopeText,
} from '../../domain/turn/stop-scope.ts';
import { log } from '../../log.ts';
import type { Identify } from '../../people/identify.ts';
import type { Stops } from '../../store/store.ts';
import { armError } from './arm-answer.ts';
import { authorize } from './authorize.ts';
import { readBody } from './read-body.ts';
import { readQuery } from './read-query.ts';
import { storeAnswer } from './store-answer.ts';

const SCOPES =
  `${EVERYTHING}, the ARM ID of a disk encryption set or a subscription, or ` +
  'size/SIZE/REGION or size/SIZE/REGION/ZONE';

const Scope = z
  .string()
  .max(2_000)
  .transform((text, context) => {
    const scope = parseStopScope(text);
    if (scope !== null && scope.kind !== 'too-much') return stopScopeText(scope);
    context.addIssue(`must be ${SCOPES}`);
    return z.NEVER;
  });

const Body = z.strictObject({ scope: Scope, reason: z.string().trim().min(1).max(500) });
const MUST = `The body must be {"scope": "<scope>", "reason": "<text>"}; a scope is ${SCOPES}.`;
const Query = z.strictObject({ code: z.string().optional(), scope: Scope });

/** A stop as the HTTP interface shows it. */
export interface StopView {
  /** `everything`, `too-much`, an ARM ID, or sizes of VMs: as `stopScopeText` writes it. */
  readonly scope: string;
  /** The same in words. */
  readonly what: string;
  readonly by: string;
  readonly reason: string;
  readonly at: string;
}

/** Registers `GET`, `PUT` and `DELETE /api/stop`: what forbids further deallocations. */
export function registerStops(stops: Stops, identify: Identify): void {
  type Handler = (request: HttpRequest, context: InvocationContext) => Promise<HttpResponseInit>;
  const http = (name: string, method: 'GET' | 'PUT' | 'DELETE', handler: Handler): void =>
    app.http(name, { route: 'stop', methods: [method], authLevel: 'function', handler });

  http('getStops', 'GET', async (_, context) => standing(context, stops));

  /** Anybody with a key may: to stop is always safe. */
  http('putStop', 'PUT', async (request, context) => {
    const read = await readBody(Body, request, MUST);
    if ('refusal' in read) return read.refusal;
    const { scope, reason } = read.body;
    const identified = await identify(request);
    const by = identified.kind === 'caller' ? identified.caller.person.name : 'a function key';
    const set = await storeAnswer(context, () =>
      stops.set({ scope, by, reason, atMs: Date.now() }),
    );
    if ('refusal' in set) return set.refusal;
    log(context, 'stop.set', { scope, by, reason });
    return standing(context, stops);
  });

  http('deleteStop', 'DELETE', async (request, context) => {
    const authorized = await authorize(identify, request, context, 'approve');
    if ('refusal' in authorized) return authorized.refusal;
    const read = readQuery(Query, request);
    if ('refusal' in read) return read.refusal;
    const { scope } = read.query;
    const cleared = await storeAnswer(context, async () => {
      const isStanding = (await stops.read()).some((stop) => sameId(stop.scope, scope));
      if (isStanding) await stops.clear(scope);
      return isStanding;
    });
    if ('refusal' in cleared) return cleared.refusal;
    if (!cleared.found) return armError(404, 'StopNotFound', 'There is no such stop.');
    log(context, 'stop.cleared', { scope, by: authorized.caller.person.name });
    return standing(context, stops);
  });
}

async function standing(context: InvocationContext, stops: Stops): Promise<HttpResponseInit> {
  const answered = await storeAnswer(context, () => stops.read());
  if ('refusal' in answered) return answered.refusal;
  return { jsonBody: { value: answered.found.map(stopView) } };
}

function stopView({ scope, by, reason, atMs }: Stop): StopView {
  const what = describeStopScope(scope);
  return { scope, what, by, reason, at: new Date(atMs).toISOString() };
}
