import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as df from 'durable-functions';
import { afterEach, expect, test } from 'vitest';
import { type Host, startHost } from '../src/host.ts';
import { withVirtualTime } from '../src/virtual-time.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function aStateFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-host-'));
  folders.push(folder);
  return join(folder, 'state.db');
}

/** How often each activity ran, by its key; it outlives the crashes, as Azure does. */
type Effects = Map<string, number>;

/** One of everything: sequence, fan-out, retry, timer, child, external event, generations. */
function registerJourney(effects: Effects): void {
  df.app.activity('act', {
    handler: ({ key, failures = 0 }: { key: string; failures?: number }) => {
      const runs = (effects.get(key) ?? 0) + 1;
      effects.set(key, runs);
      if (runs <= failures) throw new Error(`${key} fails`);
      return { key };
    },
  });
  df.app.orchestration('child', function* (context) {
    yield context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + 60_000));
    return yield context.df.callActivity('act', { key: 'in child' });
  });
  df.app.orchestration('journey', function* (context) {
    const { generation, log } = context.df.getInput() as { generation: number; log: unknown[] };
    const act = (key: string) => context.df.callActivity('act', { key: `${generation} ${key}` });
    log.push(yield act('first'));
    log.push(yield context.df.Task.all([act('left'), act('right')]));
    const retry = new df.RetryOptions(5_000, 3);
    const flaky = { key: `${generation} flaky`, failures: 1 };
    log.push(yield context.df.callActivityWithRetry('act', retry, flaky));
    if (generation === 1) {
      log.push(yield context.df.callSubOrchestrator('child', {}, 'journey.child'));
      return context.df.continueAsNew({ generation: 2, log });
    }
    context.df.setCustomStatus('waits');
    log.push(yield context.df.waitForExternalEvent('go'));
    context.df.setCustomStatus('sleeps');
    yield context.df.createTimer(
      new Date(context.df.currentUtcDateTime.getTime() + 12 * 3_600_000),
    );
    return log;
  });
}

const COMPLETE = [
  { key: '1 first' },
  [{ key: '1 left' }, { key: '1 right' }],
  { key: '1 flaky' },
  { key: 'in child' },
  { key: '2 first' },
  [{ key: '2 left' }, { key: '2 right' }],
  { key: '2 flaky' },
  'the event',
];

const HOOKS = '/runtime/webhooks/durabletask';

interface Journey {
  readonly output: unknown;
  readonly commits: number;
}

/** Starts the journey and does what a patient client does; starts the host again when it is gone. */
async function travel(stateFile: string, kills: number[], effects: Effects): Promise<Journey> {
  let host: Host | null = null;
  let commits = 0;
  let total = 0;
  const boot = async (): Promise<Host> => {
    commits = 0;
    return await startHost({
      load: () => registerJourney(effects),
      stateFile,
      port: null,
      keys: null,
      afterCommit: () => {
        commits += 1;
        total += 1;
        if (commits !== kills[0]) return;
        kills.shift();
        host?.kill();
      },
    });
  };
  const attempt = async (): Promise<unknown> => {
    host ??= await boot();
    const status = await call(host, 'GET', '/instances/journey');
    if (status.status === 404) {
      await call(host, 'POST', '/orchestrators/journey/journey', { generation: 1, log: [] });
      return undefined;
    }
    const { output, customStatus } = (await status.json()) as Record<string, unknown>;
    if (customStatus === 'waits') {
      await call(host, 'POST', '/instances/journey/raiseEvent/go', 'the event');
    }
    if (output !== null) return output;
    return undefined;
  };
  return await withVirtualTime('2026-03-01T00:00:00Z', async (time) => {
    let output: unknown;
    const client = async (): Promise<void> => {
      while (output === undefined) {
        output = await attempt().catch(() => {
          host = null;
          return undefined;
        });
        await new Promise((resolve) => setTimeout(resolve, 20_000));
      }
    };
    const traveller = client();
    await time.runUntil(() => output !== undefined);
    await time.advance(20_000);
    await traveller;
    host?.kill();
    return { output, commits: total };
  });
}

async function call(host: Host, method: string, path: string, body?: unknown): Promise<Response> {
  const init = {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
  return await host.request(new Request(`${host.url}${HOOKS}${path}`, init));
}

test('goes on where it was after a kill behind any commit', async () => {
  const { output, commits } = await travel(aStateFile(), [], new Map());
  expect(output).toEqual(COMPLETE);

  for (let kill = 1; kill < Math.min(commits, 80); kill += 1) {
    const effects: Effects = new Map();
    const journey = await travel(aStateFile(), [kill], effects);
    expect(journey.output, `killed after commit ${kill}`).toEqual(COMPLETE);
  }
});

test('goes on after one kill upon the other', async () => {
  for (const every of [2, 3, 5, 7]) {
    const kills = Array.from({ length: 20 }, () => every);
    const effects: Effects = new Map();

    const journey = await travel(aStateFile(), kills, effects);

    expect(journey.output, `killed after every ${every} commits`).toEqual(COMPLETE);
    for (const [key, runs] of effects) expect(runs, key).toBeGreaterThanOrEqual(1);
  }
});
