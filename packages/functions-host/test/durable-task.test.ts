import * as df from 'durable-functions';
import { expect, test } from 'vitest';
import type { Host } from '../src/host.ts';
import { type VirtualTime, withVirtualTime } from '../src/virtual-time.ts';
import { aHost, aStateFile, send, startInstance, statusOf } from './a-host.ts';

const START = '2026-03-01T00:00:00Z';
const DAY_MS = 86_400_000;
const AT = '/runtime/webhooks/durabletask/instances';

type Body = df.OrchestrationHandler;

/** Runs one orchestrator `main` to its end, beside some activities. */
async function outcomeOf(main: Body, attempts = new Map<string, number>()): Promise<unknown> {
  return await withVirtualTime(START, async (time) => {
    const host = await aHost({
      load: () => {
        registerActivities(attempts);
        df.app.orchestration('main', main);
      },
    });
    await startInstance(host, 'main', 'one', {});
    await untilEnded(time, host, 'one');
    return (await statusOf(host, 'one')).output;
  });
}

function registerActivities(attempts = new Map<string, number>()): void {
  df.app.activity('act', { handler: ({ value = null }: { value?: unknown }) => value });
  df.app.activity('flaky', {
    handler: ({ key, failures }: { key: string; failures: number }) => {
      const attempt = (attempts.get(key) ?? 0) + 1;
      attempts.set(key, attempt);
      if (attempt <= failures) throw new Error(`${key} fails`);
      return key;
    },
  });
  df.app.activity('slow', {
    handler: async ({ ms }: { ms: number }) => {
      await new Promise((resolve) => setTimeout(resolve, ms));
      return ms;
    },
  });
}

async function untilEnded(time: VirtualTime, host: Host, id: string): Promise<void> {
  const isOver = async () =>
    /Completed|Failed|Terminated/.test((await statusOf(host, id)).runtimeStatus);
  await time.runUntil(isOver, 400 * DAY_MS);
}

const later = (context: df.OrchestrationContext, ms: number): Date =>
  new Date(context.df.currentUtcDateTime.getTime() + ms);

test('retries side by side agree with durable-functions on the task ids', async () => {
  const attempts = new Map<string, number>();
  const output = await outcomeOf(function* (context) {
    const retry = Object.assign(new df.RetryOptions(1_000, 5), { backoffCoefficient: 2 });
    const tasks = ['a', 'b', 'c'].map((key, at) =>
      context.df.callActivityWithRetry('flaky', retry, { key, failures: 3 - at }),
    );
    const all: unknown = yield context.df.Task.all(tasks);
    const after: unknown = yield context.df.callActivity('act', { value: 'after' });
    return { all, after };
  }, attempts);

  expect(output).toEqual({ all: ['a', 'b', 'c'], after: 'after' });
  expect([...attempts.values()]).toEqual([4, 3, 2]);
});

test('a timer of weeks is cut into pieces, and can be cancelled between them', async () => {
  const output = await outcomeOf(function* (context) {
    const timer = context.df.createTimer(later(context, 30 * DAY_MS));
    const slow = context.df.callActivity('slow', { ms: 10 * DAY_MS });
    const winner: unknown = yield context.df.Task.any([timer, slow]);
    timer.cancel();
    const next: unknown = yield context.df.callActivity('act', { value: 'next' });
    return { slowWon: winner === slow, next };
  });

  expect(output).toEqual({ slowWon: true, next: 'next' });
});

test.for<[what: string, body: Body]>([
  [
    'callHttp',
    function* (context) {
      yield context.df.callHttp({ method: 'GET', url: 'https://example.com' });
    },
  ],
  [
    'callEntity',
    function* (context) {
      yield context.df.callEntity(new df.EntityId('counter', 'one'), 'get');
    },
  ],
])('an orchestrator that uses %s fails and says so', async ([what, body]) => {
  expect(await outcomeOf(body)).toContain(`The embedded host does not support ${what}.`);
});

test.for<[what: string, after: Body]>([
  [
    'does nothing',
    function* (context) {
      yield context.df.waitForExternalEvent('never');
    },
  ],
  [
    'calls another activity first',
    function* (context) {
      yield context.df.callActivity('slow', { ms: 1 });
      yield context.df.callActivity('act', {});
    },
  ],
  [
    'sleeps first',
    function* (context) {
      yield context.df.createTimer(later(context, 1_000));
      yield context.df.callActivity('act', {});
    },
  ],
])('an instance fails and says so when its orchestrator now %s', async ([, after]) => {
  const stateFile = aStateFile();
  const load = (body: Body) => () => {
    registerActivities();
    df.app.orchestration('main', body);
  };
  await withVirtualTime(START, async (time) => {
    const before: Body = function* (context) {
      yield context.df.callActivity('act', {});
      yield context.df.createTimer(later(context, DAY_MS));
    };
    const first = await aHost({ stateFile, load: load(before) });
    await startInstance(first, 'main', 'one', {});
    await time.settle();
    first.kill();

    const second = await aHost({ stateFile, load: load(after) });
    await untilEnded(time, second, 'one');

    expect(await statusOf(second, 'one')).toMatchObject({
      runtimeStatus: 'Failed',
      output: expect.stringContaining('Non-deterministic orchestrator'),
    });
  });
});

test('an activity that ran at the kill runs again, and its late result is dropped', async () => {
  const stateFile = aStateFile();
  const runs: string[] = [];
  const load = (host: string) => () => {
    df.app.activity('slow', {
      handler: async () => {
        runs.push(host);
        await new Promise((resolve) => setTimeout(resolve, 60_000));
        return host;
      },
    });
    df.app.orchestration('main', function* (context) {
      return yield context.df.callActivity('slow', {});
    });
  };
  await withVirtualTime(START, async (time) => {
    const first = await aHost({ stateFile, load: load('first') });
    await startInstance(first, 'main', 'one', {});
    await time.advance(30_000);
    first.kill();

    const second = await aHost({ stateFile, load: load('second') });
    await untilEnded(time, second, 'one');

    expect(runs).toEqual(['first', 'second']);
    expect((await statusOf(second, 'one')).output).toBe('second');
  });
});

test('results and timers of an earlier run do not reach a new one under the same id', async () => {
  await withVirtualTime(START, async (time) => {
    const host = await aHost({
      load: () => {
        registerActivities();
        df.app.orchestration('main', function* (context) {
          const { ms } = context.df.getInput() as { ms: number };
          return yield context.df.callActivity('slow', { ms });
        });
      },
    });
    await startInstance(host, 'main', 'one', { ms: 1_000 });
    await time.settle();
    await send(host, 'POST', `${AT}/one/terminate?reason=enough`);
    await time.settle();
    expect((await statusOf(host, 'one')).runtimeStatus).toBe('Terminated');

    await startInstance(host, 'main', 'one', { ms: 5_000 });
    await untilEnded(time, host, 'one');

    expect((await statusOf(host, 'one')).output).toBe(5_000);
  });
});

test('an event that arrives while an instance continues as new reaches the next generation', async () => {
  await withVirtualTime(START, async (time) => {
    const raised: Promise<Response>[] = [];
    const host = await aHost({
      load: () => {
        df.app.orchestration('main', function* (context) {
          const { generation } = context.df.getInput() as { generation: number };
          if (generation === 2) return yield context.df.waitForExternalEvent('go');
          raised.push(send(host, 'POST', `${AT}/one/raiseEvent/go`, { kept: true }));
          return context.df.continueAsNew({ generation: 2 });
        });
      },
    });
    await startInstance(host, 'main', 'one', { generation: 1 });

    await time.settle();

    expect((await statusOf(host, 'one')).output).toEqual({ kept: true });
    expect(raised).toHaveLength(1);
  });
});

test('no more activities run at once than allowed', async () => {
  await withVirtualTime(START, async (time) => {
    let running = 0;
    let most = 0;
    const host = await aHost({
      maxConcurrentActivities: 3,
      load: () => {
        df.app.activity('busy', {
          handler: async () => {
            running += 1;
            most = Math.max(most, running);
            await new Promise((resolve) => setTimeout(resolve, 1_000));
            running -= 1;
          },
        });
        df.app.orchestration('main', function* (context) {
          const tasks = Array.from({ length: 10 }, () => context.df.callActivity('busy', {}));
          yield context.df.Task.all(tasks);
          return 'done';
        });
      },
    });
    await startInstance(host, 'main', 'one', {});

    await untilEnded(time, host, 'one');

    expect(most).toBe(3);
    expect(time.now() - Date.parse(START)).toBe(4_000);
  });
});

test('a child under an id in use is not started, and the log says so', async () => {
  await withVirtualTime(START, async (time) => {
    const messages: string[] = [];
    const host = await aHost({
      log: ({ message }) => messages.push(message),
      load: () => {
        df.app.orchestration('wait', function* (context) {
          return yield context.df.waitForExternalEvent('go');
        });
        df.app.orchestration('main', function* (context) {
          return yield context.df.callSubOrchestrator('wait', {}, 'child');
        });
      },
    });
    await startInstance(host, 'wait', 'child', {});
    await time.settle();

    await startInstance(host, 'main', 'one', {});
    await time.settle();

    expect((await statusOf(host, 'one')).runtimeStatus).toBe('Running');
    expect(messages.join()).toContain('did not start child child, whose id is in use');
  });
});

test('runs are repeatable', async () => {
  const record = async (): Promise<string> =>
    await withVirtualTime(START, async (time) => {
      const log: unknown[] = [];
      const host = await aHost({
        load: () => {
          registerActivities();
          df.app.orchestration('main', function* (context) {
            const tasks = [5, 1, 3].map((ms) => context.df.callActivity('slow', { ms }));
            yield context.df.Task.all(tasks);
            log.push([context.df.instanceId, Date.now()]);
            return null;
          });
        },
      });
      await Promise.all(['a', 'b', 'c'].map((id) => startInstance(host, 'main', id, {})));
      await time.advance(1_000);
      return JSON.stringify(log);
    });

  const first = await record();

  for (let run = 0; run < 10; run += 1) expect(await record()).toBe(first);
});
