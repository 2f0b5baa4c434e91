import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createSimulator } from '@keyturn/azure-simulator/simulator';
import { startHost } from '@keyturn/functions-host/host';
import { CLOUDS } from '../src/azure/clouds.ts';
import { connectAzure } from '../src/azure/connect.ts';
import { EVENT_OPERATIONS } from '../src/cli/simulating/deliver-to.ts';
import { register } from '../src/functions/register.ts';
import { connectStore } from '../src/store/connect-store.ts';
import { sqliteTable } from '../src/store/sqlite-table.ts';
import { enforcingPolicy } from '../test/support/simulated-app.ts';
import { mixedEvent } from './event-mix.ts';

const EVENTS = 20_000;

/**
 * Events per second through the embedded host's endpoint, one per request, from another process;
 * and the share of them that the prescribed filters drop before delivery.
 */
export async function events(): Promise<object> {
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-bench-'));
  const simulator = createSimulator();
  const { subscriptionId, httpClient } = simulator;
  const credential = {
    getToken: async () => ({ token: 'static', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }),
  };
  const azure = connectAzure({ credential, cloud: CLOUDS.AzureCloud, httpClient });
  const policy = enforcingPolicy(simulator);
  const store = connectStore(sqliteTable(join(folder, 'journal.sqlite')));
  const host = await startHost({
    load: () =>
      register({
        services: { azure, policy: async () => policy, store },
        identify: async () => ({ kind: 'nobody' }),
        sweepSchedule: '0 0 3 * * *',
        policySchema: {},
      }),
    stateFile: join(folder, 'state.sqlite'),
    port: 0,
    keys: null,
  });
  const endpoint = `${host.url}/runtime/webhooks/eventgrid?functionName=onDiskWritten`;
  const generator = join(import.meta.dirname, 'event-generator.ts');
  const before = process.cpuUsage();
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--disable-warning=ExperimentalWarning',
    generator,
    endpoint,
    String(EVENTS),
    subscriptionId,
  ]);
  const { seconds, statuses } = JSON.parse(stdout) as {
    seconds: number;
    statuses: Record<string, number>;
  };
  const { user, system } = process.cpuUsage(before);
  await host.stop();
  simulator.close();
  rmSync(folder, { recursive: true });
  return {
    benchmark: 'events',
    events: EVENTS,
    accepted: statuses['202'] ?? 0,
    perSecond: Math.round(EVENTS / seconds),
    coresUsed: Math.round(((user + system) / 1e6 / seconds) * 100) / 100,
    droppedByFilters: shareDropped(subscriptionId),
  };
}

function shareDropped(subscriptionId: string): number {
  const wanted = new Set(Object.values(EVENT_OPERATIONS).flat());
  const delivered = Array.from({ length: EVENTS }, (_, place) =>
    mixedEvent(subscriptionId, place),
  ).filter(({ operationName }) => wanted.has(operationName)).length;
  return Math.round((1 - delivered / EVENTS) * 10_000) / 10_000;
}
