import { readInstances } from '@keyturn/functions-host/read-instances';
import { withVirtualTime } from '@keyturn/functions-host/virtual-time';
import * as df from 'durable-functions';
import { expect, test } from 'vitest';
import {
  aHost,
  aStateFile,
  startInstance,
  statusOf,
} from '../../packages/functions-host/test/a-host.ts';
import { startedBefore } from '../../src/durable/started-before.ts';

const START = '2026-03-01T00:00:00Z';
const HOUR_MS = 3_600_000;

/** Tells its version before and after an hour, and that of a child. */
function register(): void {
  df.app.orchestration('main', function* (context) {
    const { version, currentUtcDateTime } = context.df;
    yield context.df.createTimer(new Date(currentUtcDateTime.getTime() + HOUR_MS));
    const child: unknown = yield context.df.callSubOrchestrator('child', {});
    const other: unknown = yield context.df.callSubOrchestrator('child', {}, 'other', '0.0.1');
    return { version, child, other };
  });
  df.app.orchestration('child', (context: df.OrchestrationContext) => childOf(context));
  df.app.orchestration('asks', function* (context) {
    const { release } = context.df.getInput() as { release: string };
    yield context.df.createTimer(context.df.currentUtcDateTime);
    return { before: startedBefore(context, release) };
  });
  df.app.orchestration('again', function* (context) {
    const { left } = context.df.getInput() as { left: number };
    yield context.df.createTimer(context.df.currentUtcDateTime);
    if (left > 0) context.df.continueAsNew({ left: left - 1 });
    return { version: context.df.version };
  });
}

// biome-ignore lint/correctness/useYield: an orchestrator is a generator, also when it does nothing.
function* childOf(context: df.OrchestrationContext): Generator<df.Task, unknown, unknown> {
  return { version: context.df.version };
}

/** Starts an instance under one version and lets it end under another. */
async function deployed(
  { name = 'main', input = {} }: { name?: string; input?: object },
  before: string | null,
  after: string | null,
): Promise<{ runtimeStatus: string; output: unknown }> {
  const stateFile = aStateFile();
  const versioned = (defaultVersion: string | null) => ({
    stateFile,
    load: register,
    ...(defaultVersion === null ? {} : { defaultVersion }),
  });
  return await withVirtualTime(START, async (time) => {
    const first = await aHost(versioned(before));
    await startInstance(first, name, 'one', input);
    await time.settle();
    first.kill();

    const second = await aHost(versioned(after));
    const hasEnded = async () => (await statusOf(second, 'one')).output !== null;
    await time.runUntil(hasEnded, 2 * HOUR_MS);
    return await statusOf(second, 'one');
  });
}

test('an instance keeps the version that it was started with; its children get the newer one', async () => {
  expect(await deployed({}, '0.9.0', '0.10.0')).toMatchObject({
    runtimeStatus: 'Completed',
    output: { version: '0.9.0', child: { version: '0.10.0' }, other: { version: '0.0.1' } },
  });
});

test('an instance keeps its version when it continues as new', async () => {
  const run = await deployed({ name: 'again', input: { left: 2 } }, '0.9.0', '0.10.0');
  expect(run.output).toEqual({ version: '0.9.0' });
});

test('an instance from before versions goes on, and has none', async () => {
  expect(await deployed({}, null, '0.1.0')).toMatchObject({
    runtimeStatus: 'Completed',
    output: { child: { version: '0.1.0' } },
  });
});

test.for<[started: string, running: string]>([
  ['0.10.0', '0.9.0'],
  ['1.0', '0.99'],
  ['0.1.0', '0.1'],
  ['b', 'A'],
])('an instance of version %s fails under version %s', async ([started, running]) => {
  expect(await deployed({}, started, running)).toMatchObject({
    runtimeStatus: 'Failed',
    output: expect.stringContaining(`Its version ${started} is newer than ${running}`),
  });
});

test('without a version nothing is too new', async () => {
  expect(await deployed({}, '9.0.0', null)).toMatchObject({ runtimeStatus: 'Completed' });
});

test('a client may ask for a version', async () => {
  const stateFile = aStateFile();
  await withVirtualTime(START, async (time) => {
    const host = await aHost({ stateFile, load: register, defaultVersion: '0.2.0' });
    await startInstance(host, 'child', 'usual');
    await startInstance(host, 'child', 'asked?version=0.1.0');
    await time.settle();
    await host.stop();
  });

  const versions = readInstances(stateFile).map(({ id, history }) => [
    id,
    history.find(({ EventType }) => EventType === 0)?.['Version'],
  ]);
  expect(versions).toEqual([
    ['asked', '0.1.0'],
    ['usual', '0.2.0'],
  ]);
});

test.for<[version: string | null, release: string, before: boolean]>([
  [null, '0.1.0', true],
  ['0.1.0', '0.1.0', false],
  ['0.9.0', '0.10.0', true],
  ['0.10.0', '0.9.0', false],
  ['1.0.0', '0.10.5', false],
  ['0.10.4', '0.10.5', true],
])('an orchestrator asks whether %s was before %s: %s', async ([version, release, before]) => {
  const run = await deployed({ name: 'asks', input: { release } }, version, null);
  expect(run.output).toEqual({ before });
});
