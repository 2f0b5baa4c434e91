import { expect, test } from 'vitest';
import { instanceIdFor } from '../../../src/durable/instance-id.ts';
import { areOn, CALLS, HOUR_MS, inAzure, type Run, setIdOf, standing } from '../a-run.ts';

const ONCE_ADE = [{ name: 'vm-1', osDisk: { ade: 'before' as const }, dataDisks: 1 }];
const policy = { retryRefusedAfterHours: 24 };

test('switches a VM off once for a disk that once had Azure Disk Encryption', async () => {
  await inAzure({ vms: ONCE_ADE, policy }, async (run) => {
    run.app.connectEvents();

    await run.sweep();
    await run.time.advance(HOUR_MS);
    await run.sweep();
    run.simulator.announce(run.disksOf()[0]?.id ?? '');
    run.simulator.announce(run.vm().id);
    await run.time.advance(HOUR_MS);

    expect(standing(run.vm())).toEqual({
      powerState: 'running',
      deallocations: 1,
      starts: 1,
      marked: false,
    });
    const { outcome, status } = await run.view();
    expect([outcome.kind, status]).toEqual(['failed', 'Failed']);
    expect(outcome.disks?.map(({ kind, code }) => [kind, code]).sort()).toEqual([
      ['encrypted', undefined],
      ['refused', 'OperationNotAllowed'],
    ]);
  });
});

test('tries what was refused again when a person asks', async () => {
  await inAzure({ vms: ONCE_ADE, policy }, async (run) => {
    await run.sweep();

    await run.convert(run.vm().id);

    expect(standing(run.vm())).toMatchObject({
      powerState: 'running',
      deallocations: 2,
      starts: 2,
    });
  });
});

test('tries what was refused again by itself when the time is over, and not before', async () => {
  await inAzure({ vms: ONCE_ADE, policy }, async (run) => {
    await run.sweep();

    await run.time.advance(23 * HOUR_MS);
    await run.sweep();
    const before = run.vm().deallocations;
    await run.time.advance(2 * HOUR_MS);
    await run.sweep();

    expect([before, run.vm().deallocations]).toEqual([1, 2]);
    expect(run.vm().powerState).toBe('running');
  });
});

test('remembers a refusal of a VM that was left off and started by the sweep', async () => {
  await inAzure({ vms: ONCE_ADE, policy }, async (run) => {
    const { faults } = run.simulator;
    faults.failOperationNext(
      { ...CALLS.start, times: 8 },
      { code: 'AllocationFailed', message: '' },
    );
    await run.sweep();
    const first = standing(run.vm());

    for (let hours = 0; hours < 6; hours += 1) {
      await run.time.advance(HOUR_MS);
      await run.sweep();
    }

    expect(first).toMatchObject({ powerState: 'deallocated', marked: true });
    expect(standing(run.vm())).toEqual({
      powerState: 'running',
      deallocations: 1,
      starts: 1,
      marked: false,
    });
  });
});

test('does not switch a VM off again at once after an instance of it crashed', async () => {
  await inAzure({ vms: [{ name: 'vm-1' }], policy }, async (run) => {
    // No answer of Azure's, so nothing that an outcome could tell: the instance fails.
    run.line.hooks.push((request, path) => {
      if (request.method === 'PATCH' && CALLS.encrypt.path.test(path)) throw new Error('a bug');
      return 'pass';
    });
    run.app.connectEvents();

    await run.sweep();
    await run.time.advance(HOUR_MS);
    await run.sweep();

    expect(standing(run.vm())).toEqual({
      powerState: 'running',
      deallocations: 1,
      starts: 1,
      marked: false,
    });
  });
});

/** Stops an instance as an operator can, at each step of a conversion. */
test.for(['mark', 'deallocate', 'encrypt', 'start'] as const)(
  'starts a VM whose instance was terminated, and converts it later; terminated at: %s',
  async (name) => {
    await inAzure({ vms: [{ name: 'vm-1', dataDisks: 2 }], policy }, async (run) => {
      run.line.before(CALLS[name], () => terminate(run));
      await run.sweep();
      expect((await run.view()).status).toBe('Canceled');

      await run.time.advance(HOUR_MS);
      await run.sweep();
      expect(standing(run.vm())).toMatchObject({ powerState: 'running', marked: false });

      await run.time.advance(HOUR_MS);
      await run.sweep();
      expect(areOn(run.disksOf(), setIdOf(run.simulator))).toBe(true);
      expect(standing(run.vm())).toMatchObject({ powerState: 'running', marked: false });
      expect(run.vm().deallocations).toBeLessThanOrEqual(2);
    });
  },
);

test.for(['mark', 'deallocate', 'encrypt', 'start'] as const)(
  'starts a VM whose task hub was lost, and converts it later; lost at: %s',
  async (name) => {
    await inAzure({ vms: [{ name: 'vm-1', dataDisks: 2 }], policy }, async (run) => {
      let lost = false;
      run.line.before(CALLS[name], () => {
        lost = true;
      });
      await run.app.runSweep();
      await run.time.runUntil(() => lost);
      run.app.host.kill();
      // The state is in memory, so nothing of it is left.
      run.app = await run.app.restart();

      for (let hours = 0; hours < 3; hours += 1) {
        await run.time.advance(HOUR_MS);
        await run.sweep();
      }

      expect(areOn(run.disksOf(), setIdOf(run.simulator))).toBe(true);
      expect(standing(run.vm())).toMatchObject({ powerState: 'running', marked: false });
      expect(run.vm().deallocations).toBeLessThanOrEqual(2);
    });
  },
);

test('starts a VM that was left off by the sweep although an event converted it first', async () => {
  await inAzure({ vms: [{ name: 'vm-1', dataDisks: 2 }], policy }, async (run) => {
    run.app.connectEvents();
    run.line.before(CALLS.encrypt, () => terminate(run));
    await run.sweep();
    run.simulator.announce(run.vm().id);
    await run.time.advance(HOUR_MS);
    const converted = areOn(run.disksOf(), setIdOf(run.simulator));

    await run.sweep();

    expect(converted).toBe(true);
    expect(standing(run.vm())).toEqual({
      powerState: 'running',
      deallocations: 1,
      starts: 1,
      marked: false,
    });
  });
});

test.for(['running', 'deallocated'] as const)(
  'does not take the mark of another VM, copied with its tags, for its own: %s',
  async (power) => {
    const tags = { 'keyturn:off-by': `vm-${'0'.repeat(32)}` };
    const onSet = { encryptionSet: 'des-westeurope' };
    await inAzure({ vms: [{ name: 'vm-1', power, tags, osDisk: onSet }] }, async (run) => {
      await run.sweep();

      expect(run.vm()).toMatchObject({ powerState: power, starts: 0, tags });
      expect(run.line.requests.filter(({ path }) => path.endsWith('/start'))).toEqual([]);
    });
  },
);

test('does not start a marked VM whose instance is alive', async () => {
  await inAzure({ vms: [{ name: 'vm-1', dataDisks: 2 }], policy }, async (run) => {
    await run.app.runSweep();
    await run.time.runUntil(() => run.vm().powerState === 'deallocating');

    await run.sweep();

    expect(standing(run.vm())).toEqual({
      powerState: 'running',
      deallocations: 1,
      starts: 1,
      marked: false,
    });
  });
});

async function terminate({ app, vm }: Run): Promise<void> {
  const id = instanceIdFor('vm', vm().id);
  await app.ask('POST', `/runtime/webhooks/durabletask/instances/${id}/terminate?reason=test`);
}

const LOCKED = [{ name: 'vm-1', dataDisks: 1 }];

/** Somebody forgot a lock, and takes it away. */
async function lockedAndFreed(run: Run) {
  const scope = `/subscriptions/${run.simulator.subscriptionId}/resourceGroups/rg-test`;
  run.simulator.estate.addLock({ name: 'forgotten', scope, level: 'ReadOnly' });
  await run.sweep();
  expect((await run.view()).outcome).toMatchObject({
    kind: 'blocked',
    verdicts: expect.arrayContaining([expect.objectContaining({ code: 'read-only-lock' })]),
  });
  await run.administer('DELETE', `${scope}/providers/Microsoft.Authorization/locks/forgotten`);
  // Lists of a whole subscription are shared for so long.
  await run.time.advance(10_000);
}

test('the sweep looks again at what was blocked after an hour, and not before', async () => {
  await inAzure({ vms: LOCKED }, async (run) => {
    await lockedAndFreed(run);

    await run.time.advance(50 * 60_000);
    await run.sweep();
    const before = run.vm().deallocations;
    await run.time.advance(15 * 60_000);
    await run.sweep();

    expect([before, run.vm().deallocations]).toEqual([0, 1]);
    expect(areOn(run.disksOf(), setIdOf(run.simulator))).toBe(true);
  });
});

test.for<[who: string, ask: (run: Run) => Promise<unknown>]>([
  ['an event', async (run) => run.simulator.announce(run.vm().id)],
  ['a person', (run) => run.convert(run.vm().id)],
])('%s makes keyturn look at once at what was blocked', async ([, ask]) => {
  await inAzure({ vms: LOCKED }, async (run) => {
    run.app.connectEvents();
    await lockedAndFreed(run);

    await ask(run);
    await run.time.advance(10 * 60_000);

    expect(standing(run.vm())).toMatchObject({ powerState: 'running', deallocations: 1 });
  });
});
