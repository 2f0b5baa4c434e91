import { describe, expect, test } from 'vitest';
import { instanceIdFor } from '../../../src/durable/instance-id.ts';
import { LastingState } from '../../support/lasting-state.ts';
import { CALLS, HOUR_MS, inAzure, MINUTE_MS, type Run, standing } from '../a-run.ts';

const VMS = [{ name: 'vm-1', dataDisks: 2 }];
const BACK_WITHIN_MS = 90_000;
const RUNS = { powerState: 'running', marked: false };

const instanceOf = ({ vm }: Run): string => instanceIdFor('vm', vm().id);

/** Ways in which a conversion ends that its own code has no part in. */
const DEATHS: Readonly<Record<string, (run: Run) => unknown>> = {
  'failed by the host': (run) => run.app.host.failInstance(instanceOf(run)),
  terminated: (run) =>
    run.app.ask(
      'POST',
      `/runtime/webhooks/durabletask/instances/${instanceOf(run)}/terminate?reason=test`,
    ),
};

/** Does something right before the first call of a kind that comes while the VM is off. */
function atFirstWhileOff(run: Run, call: keyof typeof CALLS, act: () => unknown): void {
  let hasActed = false;
  run.line.hooks.push(async (request, path): Promise<'pass'> => {
    const isIt = request.method === CALLS[call].method && CALLS[call].path.test(path);
    if (hasActed || !isIt || run.vm().powerState !== 'deallocated') return 'pass';
    hasActed = true;
    await act();
    return 'pass';
  });
}

/** How long the VM was off in all, in ms, once everything has ended. */
function longestOffMs(run: Run, diedAtMs: number): number {
  const { downtimes } = run.vm();
  const last = downtimes.find(({ runningAt }) => !runningAt || Date.parse(runningAt) >= diedAtMs);
  return Date.parse(last?.runningAt ?? '9999-01-01') - diedAtMs;
}

async function outcomes({ app }: Run): Promise<readonly (string | null)[]> {
  const page = await app.store.journal.find({}, { top: 50, token: null });
  return (page?.records ?? []).map(({ outcome }) => outcome);
}

async function nothingIsHeld({ app, vm }: Run): Promise<void> {
  expect(await app.store.leases.list()).toEqual([]);
  expect(await app.store.attempts.find(instanceIdFor('vm', vm().id))).toBeNull();
}

describe.for(Object.entries(DEATHS))('a conversion that is %s', ([, die]) => {
  test.for(['encrypt', 'readDisk', 'start', 'readVm'] as const)(
    'while its VM is off, at %s: the VM runs within 90 seconds, and the record says so',
    async (call) => {
      const alerts: string[] = [];
      const log = ({ message }: { message: string }) => {
        if (message.includes('"event":"alert"')) alerts.push(message);
      };
      await inAzure({ vms: VMS, log }, async (run) => {
        let diedAtMs = 0;
        atFirstWhileOff(run, call, () => {
          diedAtMs = Date.now();
          return die(run);
        });
        await run.app.ask('POST', '/api/conversions', { target: run.vm().id });
        await run.time.advance(10 * MINUTE_MS);

        expect(diedAtMs).toBeGreaterThan(0);
        expect(standing(run.vm())).toMatchObject(RUNS);
        expect(longestOffMs(run, diedAtMs)).toBeLessThanOrEqual(BACK_WITHIN_MS);
        expect(await outcomes(run)).toEqual(['restored']);
        await nothingIsHeld(run);
        // Its own start may have been on its way.
        if (call !== 'start') expect(alerts.join()).toContain('"conversion-died"');
      });
    },
  );

  test('is given back first by a conversion that is asked for, and converted then', async () => {
    await inAzure({ vms: VMS, restorationSchedule: '0 0 0 1 1 *' }, async (run) => {
      atFirstWhileOff(run, 'readVm', () => die(run));
      await run.app.ask('POST', '/api/conversions', { target: run.vm().id });
      await run.time.advance(5 * MINUTE_MS);
      expect(run.vm().powerState).toBe('deallocated');

      await run.convert(run.vm().id);

      expect(standing(run.vm())).toEqual({ ...RUNS, deallocations: 2, starts: 2 });
      expect((await run.view()).outcome).toMatchObject({ kind: 'converted', deallocated: true });
      expect(await outcomes(run)).toEqual(['converted', 'restored']);
      await nothingIsHeld(run);
    });
  });
});

test('the events of its own deallocation do not make a VM its owner switched off', async () => {
  await inAzure({ vms: VMS }, async (run) => {
    run.app.connectEvents();
    run.line.before(CALLS.encrypt, () => DEATHS['terminated']?.(run));
    await run.app.runSweep();
    await run.time.advance(HOUR_MS);

    expect(standing(run.vm())).toMatchObject(RUNS);
    const page = await run.app.store.journal.find({}, { top: 50, token: null });
    expect(page?.records.map(({ power }) => power.before)).not.toContain('deallocated');
    await nothingIsHeld(run);
  });
});

test.for(['kept', 'taken away'])(
  'a VM comes back though host and task hub are gone, its mark %s',
  async (mark) => {
    const state = new LastingState();
    await inAzure({ vms: VMS, stateFile: state.path }, async (run) => {
      let isKilled = false;
      run.line.before(CALLS.encrypt, () => {
        isKilled = true;
        run.app.host.kill();
        return new Promise(() => undefined);
      });
      void run.app.ask('POST', '/api/conversions', { target: run.vm().id });
      await run.time.runUntil(() => isKilled, HOUR_MS);
      state.lose();
      if (mark === 'taken away') {
        const path = `${run.vm().id}/providers/Microsoft.Resources/tags/default`;
        await run.administer('PUT', path, { properties: { tags: {} } });
      }
      run.app = await run.app.restart();
      const restartedAtMs = Date.now();
      await run.app.runSweep();
      await run.time.advance(10 * MINUTE_MS);

      expect(standing(run.vm())).toMatchObject(RUNS);
      expect(longestOffMs(run, restartedAtMs)).toBeLessThanOrEqual(BACK_WITHIN_MS);
      expect(await outcomes(run)).toContain('restored');
      await nothingIsHeld(run);
    });
    state.close();
  },
);

test('what was never asked of Azure is not started: its owner switched it off', async () => {
  await inAzure({ vms: VMS }, async (run) => {
    run.line.before(CALLS.deallocate, async () => {
      // Noted as about to be asked, then not heard of: Azure may have taken it.
      await run.app.store.attempts.end(instanceOf(run));
      await DEATHS['terminated']?.(run);
      return new Promise(() => undefined);
    });
    void run.app.ask('POST', '/api/conversions', { target: run.vm().id });
    await run.time.runUntil(() => 'keyturn:off-by' in run.vm().tags, HOUR_MS);
    await run.time.advance(1_000);
    await run.administer('POST', `${run.vm().id}/deallocate`);
    await run.time.advance(HOUR_MS);

    expect(standing(run.vm())).toMatchObject({ powerState: 'deallocated', starts: 0 });
    expect(standing(run.vm()).marked).toBe(false);
    await nothingIsHeld(run);
  });
});

test('a VM that does not start is tried again, after growing pauses', async () => {
  await inAzure({ vms: VMS }, async (run) => {
    run.line.before(CALLS.encrypt, () => DEATHS['terminated']?.(run));
    const refusal = { status: 409, code: 'AllocationFailed', message: 'No capacity.' };
    run.simulator.faults.refuseNext({ ...CALLS.start, times: 6 }, refusal);
    await run.app.ask('POST', '/api/conversions', { target: run.vm().id });
    await run.time.advance(HOUR_MS);

    const starts = run.line.requests.filter(({ path }) => /\/start$/.test(path));
    const pauses = starts.slice(1).map(({ at }, place) => at - (starts[place]?.at ?? 0));
    expect(pauses).toEqual([30, 60, 120, 240, 480, 600].map((seconds) => seconds * 1_000));
    expect(standing(run.vm())).toMatchObject(RUNS);
  });
});

test('while it is off, who asks what would be done hears that somebody is at it', async () => {
  await inAzure({ vms: VMS, restorationSchedule: '0 0 0 1 1 *' }, async (run) => {
    run.line.before(CALLS.encrypt, () => DEATHS['terminated']?.(run));
    await run.app.ask('POST', '/api/conversions', { target: run.vm().id });
    await run.time.advance(5 * MINUTE_MS);
    const asked = { target: run.vm().id, dryRun: true };
    const { body } = await run.app.ask('POST', '/api/conversions', asked);
    const { id } = body as { readonly id: string };
    await run.time.advance(MINUTE_MS);

    const planned = JSON.stringify((await run.app.ask('GET', `/api/conversions/${id}`)).body);
    expect(planned).toContain('busy');
    expect(run.vm().powerState).toBe('deallocated');
  });
});

test('a VM comes back whose deallocation was sent while its dead conversion was let go', async () => {
  await inAzure({ vms: VMS }, async (run) => {
    const [looks, isLooking] = aSignal();
    const [sent, isSent] = aSignal();
    // The look takes the mark away, and finds that nothing was asked.
    const unmarking = async () => {
      looks();
      await isSent;
    };
    run.line.before(CALLS.mark, unmarking, { nth: 2 });
    let isMarked = false;
    run.line.before(CALLS.mark, () => {
      isMarked = true;
    });
    let hasDied = false;
    run.line.before(CALLS.deallocate, () => setTimeout(sent, 1_000));
    run.line.hooks.push(async (request, path): Promise<'pass'> => {
      const isIt = request.method === 'GET' && CALLS.readVm.path.test(path);
      if (hasDied || !isMarked || !isIt) return 'pass';
      hasDied = true;
      await DEATHS['terminated']?.(run);
      await isLooking;
      return 'pass';
    });
    await run.app.ask('POST', '/api/conversions', { target: run.vm().id });
    await run.time.runUntil(() => run.vm().powerState === 'deallocated', HOUR_MS);
    const offAtMs = Date.now();
    await run.time.advance(10 * MINUTE_MS);

    expect(standing(run.vm())).toMatchObject({ ...RUNS, deallocations: 1 });
    expect(longestOffMs(run, offAtMs)).toBeLessThanOrEqual(BACK_WITHIN_MS);
    await nothingIsHeld(run);
  });
});

test('a VM that never went off does not say that there is room for its size', async () => {
  await inAzure({ vms: VMS }, async (run) => {
    run.line.before(CALLS.deallocate, async () => {
      const reason = 'AllocationFailed: No capacity.';
      for (const scope of ['size/Standard_D2s_v3/westeurope', 'series/Dsv3/westeurope'])
        await run.app.store.stops.set({ scope, by: 'keyturn', reason, atMs: Date.now() });
      await DEATHS['terminated']?.(run);
      return new Promise(() => undefined);
    });
    void run.app.ask('POST', '/api/conversions', { target: run.vm().id });
    await run.time.runUntil(() => 'keyturn:off-by' in run.vm().tags, HOUR_MS);
    await run.time.advance(10 * MINUTE_MS);

    expect(standing(run.vm())).toMatchObject({ ...RUNS, deallocations: 0 });
    await nothingIsHeld(run);
    expect(await run.app.store.stops.read()).toHaveLength(2);
  });
});

test('a VM whose next conversion dies, too, does not wait as long as it did at last', async () => {
  const alerts: string[] = [];
  const log = ({ message }: { message: string }) => {
    if (message.includes('conversion-died')) alerts.push(message);
  };
  await inAzure({ vms: VMS, log }, async (run) => {
    let deaths = 0;
    run.line.hooks.push(async (request, path) => {
      const isIt = request.method === 'PATCH' && CALLS.encrypt.path.test(path);
      if (!isIt || run.vm().deallocations === deaths) return 'pass';
      deaths += 1;
      await DEATHS['terminated']?.(run);
      return new Promise(() => undefined);
    });
    const refusal = { status: 400, code: 'BadRequest', message: 'No.' };
    run.simulator.faults.refuseNext({ ...CALLS.start, times: 4 }, refusal);
    await run.app.ask('POST', '/api/conversions', { target: run.vm().id });
    await run.time.runUntil(() => run.vm().starts > 0, HOUR_MS);
    await run.time.runUntil(() => run.vm().powerState === 'running', HOUR_MS);
    await run.app.ask('POST', '/api/conversions', { target: run.vm().id });
    await run.time.runUntil(() => deaths === 2, HOUR_MS);
    const diedAtMs = Date.now();
    await run.time.advance(HOUR_MS);

    expect(standing(run.vm())).toMatchObject(RUNS);
    expect(longestOffMs(run, diedAtMs)).toBeLessThanOrEqual(BACK_WITHIN_MS);
    expect(alerts.length).toBeGreaterThan(1);
  });
});

function aSignal(): readonly [give: () => void, given: Promise<void>] {
  let give: () => void = () => undefined;
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return [give, given];
}
