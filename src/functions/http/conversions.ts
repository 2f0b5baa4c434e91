import {
  app,
  type HttpRequest,
  type HttpResponseInit,
  type InvocationContext,
} from '@azure/functions';
import { type DurableClient, getClient, input } from 'durable-functions';
import { z } from 'zod';
import {
  isOutcomeKind,
  type OutcomeKind,
  parseOutcome,
  type TargetResult,
} from '../../domain/conversion/instance-outcome.ts';
import { instanceIdFor, isInstanceId } from '../../durable/instance-id.ts';
import { type Instance, readInstance, toInstance } from '../../durable/read-instance.ts';
import { STOP_EVENT } from '../../durable/steps.ts';
import { log } from '../../log.ts';
import type { StopRequests, Store, Targets } from '../../store/store.ts';
import { armError } from './arm-answer.ts';
import { conversionView, hasUnknownOutcome } from './conversion-view.ts';
import { nextLink, readQuery } from './read-query.ts';
import { storeAnswer } from './store-answer.ts';

const DAY_MS = 86_400_000;

const Query = z.strictObject({
  code: z.string().optional(),
  top: z.coerce.number().int().min(1).max(500).default(100),
  skip: z.coerce.number().int().min(0).default(0),
  createdAfter: z.iso.datetime().optional(),
});

type Handler = (request: HttpRequest, context: InvocationContext) => Promise<HttpResponseInit>;

/** Registers `GET /api/conversions`, `GET` and `DELETE /api/conversions/{id}`. */
export function registerConversions({
  stopRequests,
  targets,
}: Pick<Store, 'stopRequests' | 'targets'>): void {
  const http = (name: string, method: 'GET' | 'DELETE', route: string, handler: Handler): void => {
    const extraInputs = [input.durableClient()];
    app.http(name, { route, methods: [method], authLevel: 'function', extraInputs, handler });
  };
  http('listConversions', 'GET', 'conversions', listConversions);
  http('getConversion', 'GET', 'conversions/{id}', (request, context) =>
    getConversion(request, context, targets),
  );
  http('deleteConversion', 'DELETE', 'conversions/{id}', (request, context) =>
    deleteConversion(request, context, stopRequests),
  );
}

async function listConversions(
  request: HttpRequest,
  context: InvocationContext,
): Promise<HttpResponseInit> {
  const read = readQuery(Query, request);
  if ('refusal' in read) return read.refusal;
  const { top, skip, createdAfter } = read.query;
  const createdTimeFrom = new Date(createdAfter ?? Date.now() - DAY_MS);
  const statuses = await getClient(context).getStatusBy({ createdTimeFrom });
  const instances = statuses.map(toInstance);
  for (const instance of instances) tellUnknown(instance, context);
  const views = instances
    .toSorted((a, b) => b.createdAtMs - a.createdAtMs)
    .flatMap((instance) => conversionView(instance) ?? []);
  const isLast = views.length <= skip + top;
  const link = isLast ? {} : { nextLink: nextLink(request, 'skip', String(skip + top)) };
  return { jsonBody: { value: views.slice(skip, skip + top), ...link } };
}

async function getConversion(
  request: HttpRequest,
  context: InvocationContext,
  targets: Targets,
): Promise<HttpResponseInit> {
  const found = await find(getClient(context), request.params['id'] ?? '');
  if ('refusal' in found) return found.refusal;
  const { instance } = found;
  tellUnknown(instance, context);
  const outcome = parseOutcome(instance.output);
  if (outcome === null || !('counts' in outcome)) return { jsonBody: conversionView(instance) };
  const answered = await storeAnswer(context, () => resultsOf(targets, instance.id, outcome.kind));
  if ('refusal' in answered) return answered.refusal;
  const output = { ...outcome, results: answered.found };
  return { jsonBody: conversionView({ ...instance, output }) };
}

/** What became of each VM and disk of a request about many. */
async function resultsOf(
  targets: Targets,
  requestId: string,
  ended: OutcomeKind,
): Promise<readonly TargetResult[]> {
  const stored = await targets.list(requestId);
  return stored.map(({ target, outcome }) => {
    // Before anything was started: what an instance of its ID says is about something else.
    if (outcome === null && ended === 'stopped') {
      return { target, instanceId: null, outcome: { kind: 'stopped' } };
    }
    const kind = isOutcomeKind(outcome) || outcome === 'crashed' ? outcome : 'unknown';
    return { target, instanceId: instanceIdFor(target.kind, target.id), outcome: { kind } };
  });
}

/** Stops before the next VM is switched off; a VM that is off is finished and started. */
async function deleteConversion(
  request: HttpRequest,
  context: InvocationContext,
  stopRequests: StopRequests,
): Promise<HttpResponseInit> {
  const client = getClient(context);
  const found = await find(client, request.params['id'] ?? '');
  if ('refusal' in found) return found.refusal;
  const view = conversionView(found.instance);
  if (view?.status === 'Running') {
    // First, and seen at once by whoever is about to switch a VM off; the event says so, too.
    await stopRequests.add(found.instance.id, Date.now()).catch(tellAway(context));
    await client.raiseEvent(found.instance.id, STOP_EVENT, {});
    log(context, 'conversion.stop-requested', { instanceId: found.instance.id });
  }
  return { status: view?.status === 'Running' ? 202 : 200, jsonBody: view };
}

/** A store that is away keeps nobody from stopping. */
function tellAway(context: InvocationContext): (error: unknown) => void {
  return (error) => log(context, 'stop.not-stored', { reason: String(error) });
}

/** It counts as failed; the log says of which instance nobody can tell how it ended. */
function tellUnknown(instance: Instance, context: InvocationContext): void {
  if (!hasUnknownOutcome(instance)) return;
  context.error(JSON.stringify({ event: 'conversion.outcome-unknown', instanceId: instance.id }));
}

async function find(
  client: DurableClient,
  id: string,
): Promise<{ instance: Instance } | { refusal: HttpResponseInit }> {
  const instance = isInstanceId(id) ? await readInstance(client, id) : null;
  if (instance !== null && conversionView(instance) !== null) return { instance };
  return { refusal: armError(404, 'ConversionNotFound', 'There is no conversion of this ID.') };
}
