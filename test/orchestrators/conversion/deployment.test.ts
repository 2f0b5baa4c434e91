import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { app as durable } from 'durable-functions';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { instanceIdFor } from '../../../src/durable/instance-id.ts';
import { startedBefore } from '../../../src/durable/started-before.ts';
import { defineActivity, type Orchestrator } from '../../../src/durable/steps.ts';
import { register } from '../../../src/functions/register.ts';
import { ORCHESTRATORS } from '../../../src/functions/register-orchestrators.ts';
import type { Deployment } from '../../support/simulated-app.ts';
import {
  areOn,
  CALLS,
  HOUR_MS,
  inAzure,
  MINUTE_MS,
  type Run,
  setIdOf,
  standing,
} from '../a-run.ts';

const UNTOUCHED = { powerState: 'running', deallocations: 0, starts: 0, marked: false };
const ONCE = { powerState: 'running', deallocations: 1, starts: 1, marked: false };
/** The runs begin on a Sunday at 08:00 UTC. */
const AT_TEN = { days: ['sun' as const], fromMinute: 600, toMinute: 720, timeZone: 'UTC' };
const NEXT_RELEASE = '99.0.0';

const folder = mkdtempSync(join(tmpdir(), 'keyturn-deployment-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
const aStateFile = () => join(folder, `${++files}.db`);

/** What the step that the next release adds was told. */
const announced: string[] = [];
beforeEach(() => announced.splice(0));
const announce = defineActivity(
  'announce',
  { attempts: 3, firstDelayMs: 1_000 },
  (_: object) =>
    async ({ instanceId }: { readonly instanceId: string }) => {
      announced.push(instanceId);
      return {};
    },
);

/** The next release: each orchestrator begins with a step more. */
function nextRelease(step: 'guarded' | 'unguarded'): Deployment {
  const changed = ({ name, handler }: Orchestrator<object>): Orchestrator<object> => ({
    name,
    *handler(context) {
      const goesOnAsItBegan = step === 'guarded' && startedBefore(context, NEXT_RELEASE);
      if (!goesOnAsItBegan) {
        yield* announce.call(context, { instanceId: context.df.instanceId });
      }
      return yield* handler(context);
    },
  });
  return {
    release: NEXT_RELEASE,
    register: (deployed) => {
      register(deployed, ORCHESTRATORS.map(changed));
      durable.activity(announce.name, { handler: announce.handler({}) });
    },
  };
}

async function deploy(run: Run, deployment?: Deployment): Promise<void> {
  run.app.host.kill();
  run.app = await run.app.restart(deployment);
}

/** Runs until a VM is off and Azure is asked for its first disk; there the host stands still. */
async function untilHalfDone(run: Run): Promise<void> {
  let isHalfDone = false;
  run.line.hooks.push(async (request, path): Promise<'pass'> => {
    if (isHalfDone || request.method !== 'PATCH' || !CALLS.encrypt.path.test(path)) return 'pass';
    isHalfDone = true;
    await run.direct.sendRequest(request);
    return new Promise<never>(() => {});
  });
  void run.app.runSweep();
  await run.time.runUntil(() => isHalfDone, HOUR_MS);
  expect(standing(run.vm())).toMatchObject({ powerState: 'deallocated', marked: true });
}

/** The wait for a window has the time of its opening in its ID. */
const OPENS_AT = String(Date.parse('2026-03-01T10:00:00Z'));

async function statusOf(run: Run, kind: 'vm' | 'turn') {
  const instanceId = instanceIdFor(kind, run.vm().id, kind === 'turn' ? OPENS_AT : '');
  const path = `/runtime/webhooks/durabletask/instances/${instanceId}`;
  return (await run.app.ask('GET', path)).body as { runtimeStatus: string; output: unknown };
}

const FAILED = {
  runtimeStatus: 'Failed',
  output: expect.stringContaining('Non-deterministic orchestrator'),
};

async function expectConverted(run: Run): Promise<void> {
  expect(standing(run.vm())).toEqual(ONCE);
  expect(areOn(run.disksOf(), setIdOf(run.simulator))).toBe(true);
  expect((await run.view()).outcome).toMatchObject({ kind: 'converted' });
}

describe('an instance that waits for its window', () => {
  const waiting = (body: (run: Run) => Promise<unknown>) =>
    inAzure(
      {
        vms: [{ name: 'vm-1', dataDisks: 1 }],
        policy: { when: 'in-window', windows: [AT_TEN] },
        stateFile: aStateFile(),
      },
      async (run) => {
        await run.app.runSweep();
        await run.time.advance(HOUR_MS);
        expect(await statusOf(run, 'turn')).toMatchObject({ runtimeStatus: 'Running' });
        await body(run);
      },
    );

  test('goes on as it began, and starts what is new', async () => {
    await waiting(async (run) => {
      await deploy(run, nextRelease('guarded'));
      await run.time.advance(2 * HOUR_MS);

      await expectConverted(run);
      expect(announced).toEqual([instanceIdFor('vm', run.vm().id)]);
    });
  });

  test('fails under code that it does not fit, and the next sweep lets the VM wait anew', async () => {
    await waiting(async (run) => {
      await deploy(run, nextRelease('unguarded'));
      await run.time.advance(70 * MINUTE_MS);
      expect(await statusOf(run, 'turn')).toMatchObject(FAILED);
      expect(standing(run.vm())).toEqual(UNTOUCHED);

      await run.app.runSweep();
      await run.time.advance(HOUR_MS);

      await expectConverted(run);
    });
  });
});

describe('a conversion that waits for its VM to settle', () => {
  const settling = (body: (run: Run) => Promise<unknown>) =>
    inAzure(
      {
        vms: [{ name: 'vm-1', dataDisks: 1, ageDays: 0 }],
        policy: { settleMinutes: 30 },
        stateFile: aStateFile(),
      },
      async (run) => {
        await run.app.runSweep();
        await run.time.advance(10 * MINUTE_MS);
        expect(await statusOf(run, 'vm')).toMatchObject({ runtimeStatus: 'Running' });
        await body(run);
      },
    );

  test('goes on as it began', async () => {
    await settling(async (run) => {
      await deploy(run, nextRelease('guarded'));
      await run.quiet();

      await expectConverted(run);
      expect(announced).toEqual([]);
    });
  });

  test('fails under code that it does not fit, and leaves the VM alone until it is tried again', async () => {
    await settling(async (run) => {
      await deploy(run, nextRelease('unguarded'));
      await run.time.advance(HOUR_MS);
      expect(await statusOf(run, 'vm')).toMatchObject(FAILED);
      expect(standing(run.vm())).toEqual(UNTOUCHED);

      await run.time.advance(25 * HOUR_MS);
      await run.sweep();

      await expectConverted(run);
    });
  });
});

describe('a conversion that is half done', () => {
  const halfDone = (body: (run: Run) => Promise<unknown>) =>
    inAzure({ vms: [{ name: 'vm-1', dataDisks: 1 }], stateFile: aStateFile() }, async (run) => {
      await untilHalfDone(run);
      await body(run);
    });

  test('goes on as it began', async () => {
    await halfDone(async (run) => {
      await deploy(run, nextRelease('guarded'));
      await run.quiet();

      await expectConverted(run);
      expect(announced).toEqual([]);
    });
  });

  test('fails under code that it does not fit, and the sweep starts the VM', async () => {
    await halfDone(async (run) => {
      await deploy(run, nextRelease('unguarded'));
      await run.time.runUntil(async () => (await statusOf(run, 'vm')).output !== null, HOUR_MS);
      expect(await statusOf(run, 'vm')).toMatchObject(FAILED);
      expect(standing(run.vm())).toMatchObject({ powerState: 'deallocated', marked: true });

      await run.sweep();

      expect(standing(run.vm())).toEqual(ONCE);
      const records = await run.app.store.journal.find({}, { top: 5, token: null });
      expect(records?.records).toMatchObject([{ outcome: 'restored' }]);
    });
  });

  test('fails under an older release, and the sweep starts the VM', async () => {
    await halfDone(async (run) => {
      await deploy(run, { release: '0.0.1', register });
      await run.time.runUntil(async () => (await statusOf(run, 'vm')).output !== null, HOUR_MS);
      expect((await statusOf(run, 'vm')).output).toContain('is newer than 0.0.1');

      await run.sweep();

      expect(standing(run.vm())).toEqual(ONCE);
    });
  });
});
