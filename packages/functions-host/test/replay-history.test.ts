import * as df from 'durable-functions';
import { expect, test } from 'vitest';
import { readInstances } from '../src/read-instances.ts';
import { type InstanceHistory, replayerOf } from '../src/replay-history.ts';
import { withVirtualTime } from '../src/virtual-time.ts';
import { aHost, aStateFile, startInstance, statusOf } from './a-host.ts';

const MINUTE_MS = 60_000;

function registerGreeter(activity: string): void {
  df.app.activity('greet', { handler: (name: string) => `Good day, ${name}.` });
  df.app.orchestration('greeter', function* (context) {
    const greeting: string = yield context.df.callActivity(activity, context.df.getInput());
    const now = context.df.currentUtcDateTime.getTime();
    yield context.df.createTimer(new Date(now + MINUTE_MS));
    return greeting;
  });
}

/** What the greeter of today writes. */
function recordHistory(): Promise<InstanceHistory> {
  return withVirtualTime('2026-03-01T00:00:00Z', async (time) => {
    const stateFile = aStateFile();
    const host = await aHost({ stateFile, load: () => registerGreeter('greet') });
    await startInstance(host, 'greeter', 'one', '"Ada"');
    await time.runUntil(async () => (await statusOf(host, 'one')).output !== null);
    await host.stop();
    const [instance] = readInstances(stateFile);
    return { orchestrator: 'greeter', instanceId: 'one', history: instance?.history ?? [] };
  });
}

test('the code that wrote a history does the same again', async () => {
  const replay = await replayerOf(() => registerGreeter('greet'));

  const episodes = await replay(await recordHistory());

  expect(episodes).toHaveLength(3);
  for (const { recorded: before, today } of episodes) expect(today).toEqual(before);
  expect(episodes.map(({ today }) => today)).toMatchObject([
    [{ kind: 'calls', taskId: 0, name: 'greet' }],
    [{ kind: 'sleeps', taskId: 1, until: '2026-03-01T00:01:00.000Z' }],
    [{ kind: 'ends', status: 'Completed', output: 'Good day, Ada.' }],
  ]);
});

test('code that calls something else is found in the first episode, and fails in the next', async () => {
  const replay = await replayerOf(() => registerGreeter('welcome'));

  const [first, second] = await replay(await recordHistory());

  expect(first?.today).toEqual([{ kind: 'calls', taskId: 0, name: 'welcome' }]);
  expect(second?.today).toMatchObject([
    { kind: 'ends', status: 'Failed', output: expect.stringMatching(/Non-deterministic/) },
  ]);
});

test('an orchestrator that is gone is named', async () => {
  const replay = await replayerOf(() => registerGreeter('greet'));

  await expect(replay({ orchestrator: 'gone', instanceId: 'one', history: [] })).rejects.toThrow(
    /'gone' doesn't exist/,
  );
});
