import * as df from 'durable-functions';
import { expect, test } from 'vitest';
import { withVirtualTime } from '../src/virtual-time.ts';
import { aHost, startInstance, statusOf } from './a-host.ts';

const START = '2026-03-01T00:00:00Z';
const MINUTE_MS = 60_000;

test('fails an instance as a dead worker does: no finally runs, and nothing more of it happens', async () => {
  const done: string[] = [];
  await withVirtualTime(START, async (time) => {
    const host = await aHost({
      load: () => {
        df.app.activity('note', { handler: ({ what }: { what: string }) => void done.push(what) });
        df.app.orchestration('main', function* (context) {
          try {
            yield context.df.callActivity('note', { what: 'began' });
            const fireAt = new Date(context.df.currentUtcDateTime.getTime() + MINUTE_MS);
            yield context.df.createTimer(fireAt);
          } finally {
            yield context.df.callActivity('note', { what: 'undone' });
          }
        });
      },
    });
    await startInstance(host, 'main', 'one', {});
    await time.advance(1_000);

    host.failInstance('one');
    await time.advance(10 * MINUTE_MS);

    expect((await statusOf(host, 'one')).runtimeStatus).toBe('Failed');
    expect(done).toEqual(['began']);
    host.failInstance('nobody');
  });
});

test('tells the parent of an instance that it failed', async () => {
  await withVirtualTime(START, async (time) => {
    const host = await aHost({
      load: () => {
        df.app.orchestration('child', function* (context) {
          yield context.df.waitForExternalEvent('never');
        });
        df.app.orchestration('main', function* (context) {
          try {
            yield context.df.callSubOrchestrator('child', {}, 'the-child');
            return 'ended';
          } catch {
            return 'failed';
          }
        });
      },
    });
    await startInstance(host, 'main', 'one', {});
    await time.advance(1_000);

    host.failInstance('the-child');
    await time.advance(1_000);

    expect((await statusOf(host, 'one')).output).toBe('failed');
  });
});

test('delivers an activity once more, minutes later, and nobody waits for it', async () => {
  const runs: number[] = [];
  await withVirtualTime(START, async (time) => {
    const host = await aHost({
      redeliverAfter: (name) => (name === 'act' ? 5 * MINUTE_MS : null),
      load: () => {
        df.app.activity('act', { handler: () => void runs.push(Date.now()) });
        df.app.orchestration('main', function* (context) {
          yield context.df.callActivity('act', {});
          return 'ended';
        });
      },
    });
    await startInstance(host, 'main', 'one', {});
    await time.advance(1_000);
    expect((await statusOf(host, 'one')).output).toBe('ended');

    await time.advance(20 * MINUTE_MS);

    expect(runs.map((at) => at - (runs[0] ?? 0))).toEqual([0, 5 * MINUTE_MS]);
  });
});

test.for([
  [10_000, 9_000],
  [1_000, 500],
])('lets a timer of %i ms fire after %i ms, early', async ([asked = 0, fired]) => {
  await withVirtualTime(START, async (time) => {
    const host = await aHost({
      timersFireEarly: true,
      load: () => {
        df.app.orchestration('main', function* (context) {
          const began = context.df.currentUtcDateTime.getTime();
          yield context.df.createTimer(new Date(began + asked));
          return context.df.currentUtcDateTime.getTime() - began;
        });
      },
    });
    await startInstance(host, 'main', 'one', {});
    await time.advance(MINUTE_MS);

    expect((await statusOf(host, 'one')).output).toBe(fired);
  });
});
