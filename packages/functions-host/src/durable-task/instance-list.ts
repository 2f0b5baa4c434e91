import { answer, type HttpAnswer, type HttpCall, jsonAnswer } from '../http/call.ts';
import type { Door } from './door.ts';
import { type InstanceFilter, isFinished } from './instance.ts';
import type { InstanceStore } from './instance-store.ts';
import { statusJson } from './status-json.ts';

const STATUSES: ReadonlySet<string> = new Set([
  'Running',
  'Completed',
  'ContinuedAsNew',
  'Failed',
  'Canceled',
  'Terminated',
  'Pending',
  'Suspended',
]);
const PAGE = 100;

/** Lists instances by id. Filters that cannot be read are ignored (recorded). */
export function listInstances(store: InstanceStore, call: HttpCall, door: Door): HttpAnswer {
  const query = call.url.searchParams;
  const top = Number(query.get('top') ?? Number.NaN);
  const limit = Number.isInteger(top) && top > 0 ? top : PAGE;
  const found = store.list({ ...filterOf(call), limit: limit + 1 });
  const showInput = query.get('showInput')?.toLowerCase() !== 'false';
  const shown = found.slice(0, limit);
  const next = found[limit];
  const token = next === undefined ? '' : Buffer.from(next.id).toString('base64');
  const options = { showInput, history: null, showHistoryOutput: false };
  return jsonAnswer(
    200,
    shown.map((instance) => statusJson(instance, options)),
    token !== '' || door === 'rpc' ? { 'x-ms-continuation-token': token } : {},
  );
}

/** Recorded: without a status filter running instances are removed as well. */
export function purgeInstances(store: InstanceStore, call: HttpCall): HttpAnswer {
  const filter = filterOf(call);
  if (filter.createdFrom === null) {
    return jsonAnswer(400, "Please provide value for 'createdTimeFrom' parameter.");
  }
  const found = store.list({ ...filter, limit: Number.MAX_SAFE_INTEGER });
  const purged = found.filter((instance) => filter.statuses.length === 0 || isFinished(instance));
  if (purged.length === 0) return answer(404);
  store.transaction(() => {
    for (const { id } of purged) store.remove(id);
  });
  return jsonAnswer(200, { instancesDeleted: purged.length });
}

function filterOf(call: HttpCall): Omit<InstanceFilter, 'limit'> {
  const query = call.url.searchParams;
  const statuses = (query.get('runtimeStatus') ?? '').split(',').map((status) => status.trim());
  const token = call.headers['x-ms-continuation-token'] ?? '';
  return {
    prefix: query.get('instanceIdPrefix') ?? '',
    statuses: statuses.filter((status) => STATUSES.has(status)),
    createdFrom: timeOf(query.get('createdTimeFrom')),
    createdTo: timeOf(query.get('createdTimeTo')),
    fromId: Buffer.from(token, 'base64').toString('utf8'),
  };
}

function timeOf(text: string | null): number | null {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? null : time;
}
