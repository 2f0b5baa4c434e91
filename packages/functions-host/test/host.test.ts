import { app } from '@azure/functions';
import * as df from 'durable-functions';
import { expect, test } from 'vitest';
import { startHost } from '../src/host.ts';
import { aHost, send, startInstance, statusOf } from './a-host.ts';

const keepsApart = (name: string) => () => {
  df.app.orchestration('who', function* (context) {
    return yield context.df.callActivity('name', {});
  });
  df.app.activity('name', { handler: () => name });
  app.http('start', {
    extraInputs: [df.input.durableClient()],
    handler: async (_, context) => ({ body: await df.getClient(context).startNew('who') }),
  });
};

test.for([null, 0])('hosts live side by side in one process, port %j', async (port) => {
  const [one, two] = await Promise.all(
    ['one', 'two'].map((name) => aHost({ port, load: keepsApart(name) })),
  );
  if (one === undefined || two === undefined) throw new Error('unreachable');

  for (const [host, name] of [
    [one, 'one'],
    [two, 'two'],
  ] as const) {
    const id = await (await send(host, 'GET', '/api/start')).text();
    await expect.poll(async () => (await statusOf(host, id)).output).toBe(name);
  }
  expect(one.functionNames).toEqual(['who', 'name', 'start']);
});

test('hooks see, change and outlive an invocation', async () => {
  const seen: string[] = [];
  const host = await aHost({
    load: () => {
      app.hook.appStart(() => {
        seen.push('start');
      });
      app.hook.appTerminate(() => {
        seen.push('terminate');
      });
      app.hook.preInvocation((context) => {
        context.hookData['note'] = 'kept';
        seen.push(`before ${context.invocationContext.functionName}`);
      });
      app.hook.postInvocation((context) => {
        seen.push(`after ${context.hookData['note']}`);
        if (context.error) context.error = null;
        context.result = { body: 'mended' };
      });
      app.http('broken', {
        handler: () => {
          throw new Error('broken');
        },
      });
    },
  });

  const response = await send(host, 'GET', '/api/broken');
  await host.stop();

  expect(await response.text()).toBe('mended');
  expect(seen).toEqual(['start', 'before broken', 'after kept', 'terminate']);
});

test('stop lets a running activity end and keeps its result', async () => {
  let release = (): void => undefined;
  const host = await aHost({
    load: () => {
      df.app.activity('act', {
        handler: () =>
          new Promise<void>((resolve) => {
            release = resolve;
          }),
      });
      df.app.orchestration('main', function* (context) {
        yield context.df.callActivity('act', {});
      });
    },
  });
  await startInstance(host, 'main', 'one', {});
  await expect.poll(() => host.idle()).toBe(false);
  await new Promise((resolve) => setTimeout(resolve, 50));

  const stopped = host.stop();
  release();

  await stopped;
  expect(host.idle()).toBe(true);
});

test('a killed host answers nothing more', async () => {
  const host = await aHost({ load: keepsApart('one') });

  host.kill();

  await expect(send(host, 'GET', '/api/start')).rejects.toThrow('The host was stopped.');
  expect(host.nextDueAt()).toBeNull();
});

test('functions register only while the app is loaded', async () => {
  await aHost();

  expect(() => app.http('late', { handler: () => ({}) })).toThrow('during app startup');
});

test('a schedule that cannot be read stops the start and is named', async () => {
  const load = () => app.timer('tick', { schedule: 'often', handler: () => undefined });

  await expect(startHost({ load, stateFile: ':memory:', port: null, keys: null })).rejects.toThrow(
    "The schedule 'often' cannot be read",
  );
});

test('the admin endpoint runs any function that has no HTTP trigger', async () => {
  const inputs: unknown[] = [];
  const host = await aHost({
    load: () =>
      app.eventGrid('onEvent', {
        handler: (event) => {
          inputs.push(event);
        },
      }),
  });

  const response = await send(host, 'POST', '/admin/functions/onEvent', { input: '{"id":"1"}' });

  expect(response.status).toBe(202);
  await expect.poll(() => inputs).toEqual([{ id: '1' }]);
});
