import { expect, test } from 'vitest';
import { instanceIdFor } from '../../../src/durable/instance-id.ts';
import { CALLS, HOUR_MS, inAzure, MINUTE_MS, type Run, standing } from '../a-run.ts';

const VMS = [{ name: 'vm-1', dataDisks: 2 }];
const BY_ANOTHER = { kind: 'deferred', reason: 'started-by-another' };

/** Somebody connects as soon as the VM is off. */
async function startOnceOff(run: Run, after: 'deallocating' | 'deallocated'): Promise<void> {
  await run.app.ask('POST', '/api/conversions', { target: run.vm().id });
  await run.time.runUntil(() => run.vm().powerState === 'deallocating', HOUR_MS);
  if (after === 'deallocated') {
    // Before the conversion itself looks.
    await run.time.runUntil(() => run.vm().powerState === 'deallocated', HOUR_MS);
  }
  await run.administer('POST', `${run.vm().id}/start`).catch(() => {});
}

test('ends with a true account when somebody else starts the VM as it has gone off', async () => {
  await inAzure({ vms: VMS, policy: { stopAfterFailures: 1 } }, async (run) => {
    const seen: string[] = [];
    run.line.hooks.push(async (request, path): Promise<'pass'> => {
      // Between two looks of the conversion.
      if (request.method === 'GET' && CALLS.readVm.path.test(path)) {
        if (run.vm().powerState === 'deallocated' && seen.length === 0) {
          seen.push('off');
          await run.administer('POST', `${run.vm().id}/start`);
        }
      }
      return 'pass';
    });
    await run.app.ask('POST', '/api/conversions', { target: run.vm().id });
    await run.time.runUntil(() => run.vm().powerState === 'starting', HOUR_MS);
    const startedAtMs = Date.now();

    await run.quiet();

    const { outcome, updatedAt, status } = await run.view();
    expect(outcome).toMatchObject(BY_ANOTHER);
    expect(status).toBe('Deferred');
    expect(Date.parse(updatedAt) - startedAtMs).toBeLessThan(3 * MINUTE_MS);
    expect(standing(run.vm())).toMatchObject({ powerState: 'running', marked: false });
    expect(run.line.requests.filter(({ path }) => path.endsWith('/start'))).toEqual([]);
    expect(await run.app.store.stops.read()).toEqual([]);
    const page = await run.app.store.journal.find({}, { top: 10, token: null });
    expect(page?.records).toMatchObject([{ outcome: 'deferred', power: { after: 'running' } }]);
  });
});

test('never shows that a VM is deallocating which has come back', async () => {
  await inAzure({ vms: VMS }, async (run) => {
    await startOnceOff(run, 'deallocated');
    await run.time.runUntil(() => run.vm().powerState === 'running', HOUR_MS);
    await run.time.advance(45_000);

    const { progress } = await run.view();

    expect(progress).not.toMatchObject({ step: 'deallocating' });
  });
});

test('is tried again when the policy looks again, and not at once', async () => {
  await inAzure({ vms: VMS, policy: { lookAgainAfterMinutes: 60 } }, async (run) => {
    run.line.before(CALLS.encrypt, async () => {
      await run.administer('POST', `${run.vm().id}/start`);
      await new Promise((resolve) => setTimeout(resolve, 2 * MINUTE_MS));
    });
    await run.convert(run.vm().id);
    expect((await run.view()).outcome).toMatchObject(BY_ANOTHER);
    const { deallocations } = run.vm();

    await run.sweep();
    expect(run.vm().deallocations).toBe(deallocations);

    await run.time.advance(HOUR_MS);
    await run.sweep();
    expect(run.vm().deallocations).toBe(deallocations + 1);
    expect((await run.view()).outcome.kind).toBe('converted');
    expect((await run.view()).id).toBe(instanceIdFor('vm', run.vm().id));
  });
});

test('a VM that was off by its owner, and is started while its disks are to be encrypted, is left', async () => {
  const off = [{ name: 'vm-1', dataDisks: 1, power: 'deallocated' as const }];
  await inAzure({ vms: off }, async (run) => {
    run.line.before(CALLS.encrypt, async () => {
      await run.administer('POST', `${run.vm().id}/start`);
      await new Promise((resolve) => setTimeout(resolve, 2 * MINUTE_MS));
    });

    await run.convert(run.vm().id);

    expect((await run.view()).outcome).toMatchObject(BY_ANOTHER);
    expect(standing(run.vm())).toMatchObject({ powerState: 'running', marked: false });
  });
});

test('a start of somebody else that fails leaves nothing off', async () => {
  await inAzure({ vms: VMS }, async (run) => {
    await startOnceOff(run, 'deallocating');

    await run.quiet();

    expect(standing(run.vm())).toMatchObject({ powerState: 'running', marked: false });
  });
});

test('a look from before, which shows the VM running again, leaves nothing off', async () => {
  await inAzure({ vms: VMS }, async (run) => {
    // Once it was seen on its way, one answer is an old one.
    let looks = 0;
    run.line.hooks.push(async (request, path) => {
      const isLook = request.method === 'GET' && CALLS.readVm.path.test(path);
      if (!isLook || run.vm().deallocations === 0 || ++looks > 2) return 'pass';
      const shown = looks === 1 ? 'deallocating' : 'running';
      const answered = await run.direct.sendRequest(request);
      const text = answered.bodyAsText ?? '';
      return { ...answered, bodyAsText: text.replace(/PowerState\/\w+/, `PowerState/${shown}`) };
    });

    await run.convert(run.vm().id);
    await run.sweep();

    expect(looks).toBeGreaterThan(2);
    expect(standing(run.vm())).toMatchObject({ powerState: 'running', marked: false });
  });
});
