import { app, type Timer } from '@azure/functions';
import * as df from 'durable-functions';
import { expect, test } from 'vitest';
import { withVirtualTime } from '../src/virtual-time.ts';
import { aHost, aStateFile, send, startInstance, statusOf } from './a-host.ts';

const START = '2026-03-01T00:00:00Z';
const HOUR_MS = 3_600_000;

function registerSleeper(): void {
  df.app.orchestration('sleeper', function* (context) {
    const { ms } = context.df.getInput() as { ms: number };
    const from = context.df.currentUtcDateTime.getTime();
    yield context.df.createTimer(new Date(from + ms));
    return context.df.currentUtcDateTime.getTime() - from;
  });
}

const hasEnded = async (host: Awaited<ReturnType<typeof aHost>>, id: string) =>
  (await statusOf(host, id)).output !== null;

test.for([1, 994, 12 * HOUR_MS, 6 * 24 * HOUR_MS, 60 * 24 * HOUR_MS])(
  'a durable timer of %i ms fires when it is due, not before',
  async (ms) => {
    await withVirtualTime(START, async (time) => {
      const host = await aHost({ load: registerSleeper });

      await startInstance(host, 'sleeper', 'one', { ms });
      await time.runUntil(() => hasEnded(host, 'one'));

      expect(await statusOf(host, 'one')).toMatchObject({ runtimeStatus: 'Completed', output: ms });
      expect(host.idle()).toBe(true);
      expect(host.nextDueAt()).toBeNull();
    });
  },
);

test('a timer that came due while no host ran fires at once', async () => {
  const stateFile = aStateFile();
  await withVirtualTime(START, async (time) => {
    const first = await aHost({ stateFile, load: registerSleeper });
    await startInstance(first, 'sleeper', 'one', { ms: HOUR_MS });
    await time.settle();
    expect(first.nextDueAt()).toBe(Date.parse(START) + HOUR_MS);
    first.kill();
    await time.advance(5 * HOUR_MS);

    const second = await aHost({ stateFile, load: registerSleeper });
    await time.settle();

    expect((await statusOf(second, 'one')).output).toBe(5 * HOUR_MS);
  });
});

test.for<[what: string, jumpMs: number]>([
  ['forward', 10 * HOUR_MS],
  ['back', -10 * HOUR_MS],
])('a clock that jumps %s neither loses nor doubles a timer', async ([, jumpMs]) => {
  await withVirtualTime(START, async (time) => {
    const host = await aHost({ load: registerSleeper });
    await startInstance(host, 'sleeper', 'one', { ms: 2 * HOUR_MS });
    await time.advance(HOUR_MS);

    time.setClock(time.now() + jumpMs);
    await startInstance(host, 'sleeper', 'two', { ms: 0 });
    await time.runUntil(() => hasEnded(host, 'two'));
    await time.runUntil(() => hasEnded(host, 'one'));

    const history = await send(
      host,
      'GET',
      '/runtime/webhooks/durabletask/instances/one?showHistory=true',
    );
    const { historyEvents } = (await history.json()) as { historyEvents: { EventType: string }[] };
    expect(historyEvents.filter(({ EventType }) => EventType === 'TimerFired')).toHaveLength(1);
    const dueAt = Date.parse(START) + 2 * HOUR_MS;
    expect(time.now()).toBeGreaterThanOrEqual(dueAt);
    expect(time.now()).toBeLessThan(Math.max(dueAt, Date.parse(START) + 11 * HOUR_MS) + 600_001);
  });
});

interface Run {
  readonly at: string;
  readonly timer: Timer;
}

function registerTick(runs: Run[], options: Partial<Parameters<typeof app.timer>[1]> = {}): void {
  app.timer('tick', {
    schedule: '0 0 * * * *',
    handler: (timer) => {
      runs.push({ at: new Date().toISOString(), timer });
    },
    ...options,
  });
}

test('a timer function runs at each occurrence, once', async () => {
  await withVirtualTime('2026-03-01T00:30:00Z', async (time) => {
    const runs: Run[] = [];
    const host = await aHost({ load: () => registerTick(runs) });

    await time.advance(3 * HOUR_MS);

    expect(runs.map(({ at }) => at)).toEqual([
      '2026-03-01T01:00:00.000Z',
      '2026-03-01T02:00:00.000Z',
      '2026-03-01T03:00:00.000Z',
    ]);
    expect(runs[1]?.timer).toMatchObject({
      isPastDue: false,
      scheduleStatus: { last: '2026-03-01T01:00:00+00:00', next: '2026-03-01T02:00:00+00:00' },
    });
    expect(host.nextDueAt()).toBe(Date.parse('2026-03-01T04:00:00Z'));
  });
});

test('a timer function never overlaps itself', async () => {
  await withVirtualTime('2026-03-01T00:30:00Z', async (time) => {
    let running = 0;
    let most = 0;
    let runs = 0;
    const handler = async () => {
      running += 1;
      runs += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 1.5 * HOUR_MS));
      running -= 1;
    };
    await aHost({ load: () => registerTick([], { handler }) });

    await time.advance(8 * HOUR_MS);

    expect(most).toBe(1);
    expect(runs).toBe(4);
  });
});

test('an occurrence missed while no host ran is made up for once, as past due', async () => {
  const stateFile = aStateFile();
  await withVirtualTime('2026-03-01T00:30:00Z', async (time) => {
    const runs: Run[] = [];
    const first = await aHost({ stateFile, load: () => registerTick(runs) });
    first.kill();
    await time.advance(5 * HOUR_MS);

    await aHost({ stateFile, load: () => registerTick(runs) });
    await time.advance(HOUR_MS);

    expect(runs.map(({ at, timer }) => [at, timer.isPastDue])).toEqual([
      ['2026-03-01T05:30:00.000Z', true],
      ['2026-03-01T06:00:00.000Z', false],
    ]);
  });
});

test('an unmonitored timer function forgets what it missed', async () => {
  const stateFile = aStateFile();
  await withVirtualTime('2026-03-01T00:30:00Z', async (time) => {
    const runs: Run[] = [];
    const load = () => registerTick(runs, { useMonitor: false });
    const first = await aHost({ stateFile, load });
    first.kill();
    await time.advance(5 * HOUR_MS);

    await aHost({ stateFile, load });
    await time.settle();

    expect(runs).toEqual([]);
  });
});

test('a timer function may run on startup, and keeps its schedule', async () => {
  await withVirtualTime('2026-03-01T00:30:00Z', async (time) => {
    const runs: Run[] = [];
    await aHost({ load: () => registerTick(runs, { runOnStartup: true }) });

    await time.advance(HOUR_MS);

    expect(runs.map(({ at }) => at)).toEqual([
      '2026-03-01T00:30:00.000Z',
      '2026-03-01T01:00:00.000Z',
    ]);
  });
});

test('a timer function that throws runs again next time', async () => {
  await withVirtualTime('2026-03-01T00:30:00Z', async (time) => {
    let runs = 0;
    const handler = () => {
      runs += 1;
      throw new Error('tick failed');
    };
    await aHost({ load: () => registerTick([], { handler }) });

    await time.advance(2 * HOUR_MS);

    expect(runs).toBe(2);
  });
});
