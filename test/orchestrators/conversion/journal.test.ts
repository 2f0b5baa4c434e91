import { expect, test } from 'vitest';
import type { Table } from '../../../src/store/table.ts';
import { aTable } from '../../support/a-table.ts';
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

const ONCE = { powerState: 'running', deallocations: 1, starts: 1, marked: false };
const UNTOUCHED = { powerState: 'running', deallocations: 0, starts: 0, marked: false };
const VMS = [{ name: 'vm-1', dataDisks: 2 }];

async function records({ app }: Run) {
  return (await app.store.journal.find({}, { top: 50, token: null }))?.records ?? [];
}

test('tells what was done to whom, when, and what came of it', async () => {
  await inAzure({ vms: VMS }, async (run) => {
    await run.sweep();

    const [record, ...others] = await records(run);
    const { downtimes, id } = run.vm();
    expect(others).toEqual([]);
    expect(record).toMatchObject({
      target: id,
      requestedBy: { kind: 'sweep' },
      approvedBy: null,
      power: { before: 'running', after: 'running' },
      outcome: 'converted',
    });
    const off = Date.parse(downtimes[0]?.deallocateRequestedAt ?? '');
    const on = Date.parse(downtimes[0]?.runningAt ?? '');
    expect(Math.abs((record?.downtimeMs ?? 0) - (on - off))).toBeLessThan(15_000);
    expect(record?.disks.map(({ outcome, after }) => [outcome, after?.setId])).toEqual(
      run.disksOf().map(() => ['encrypted', setIdOf(run.simulator)]),
    );
    const steps = record?.steps.map(({ step }) => step) ?? [];
    expect(steps.filter((step) => step !== 'encrypt')).toEqual([
      'mark',
      'deallocate',
      'deallocated',
      'start',
      'running',
    ]);
    const calls = record?.steps.filter(({ step }) => /^(deallocate|encrypt|start)$/.test(step));
    expect(calls?.length).toBe(5);
    expect(calls?.every((call) => call.correlationId && call.operationId && !call.code)).toBe(true);
  });
});

test('tells of disks that no VM holds, and of VMs that are off', async () => {
  const vms = [{ name: 'vm-off', power: 'deallocated' as const }];
  const build = (estate: Run['simulator']['estate']) => estate.addDisk({ name: 'loose' });
  await inAzure({ vms, build }, async (run) => {
    await run.sweep();

    expect(
      (await records(run)).map(({ outcome, power }) => [outcome, power.before]).sort(),
    ).toEqual([
      ['converted', null],
      ['converted', 'deallocated'],
    ]);
  });
});

test('tells of a failure with the code of Azure', async () => {
  await inAzure({ vms: [{ name: 'vm-1' }] }, async (run) => {
    const refusal = { status: 409, code: 'PropertyChangeNotAllowed', message: 'No.' };
    run.simulator.faults.refuseNext(CALLS.encrypt, refusal);
    await run.sweep();

    const [record] = await records(run);
    expect(record).toMatchObject({
      outcome: 'failed',
      disks: [{ outcome: 'refused', code: refusal.code, after: null }],
    });
  });
});

test('switches nothing off that it cannot be told of', async () => {
  const { table, state } = aTable();
  await inAzure({ vms: VMS, table }, async (run) => {
    state.isAway = true;
    await run.sweep().catch(() => undefined);
    expect(standing(run.vm())).toEqual(UNTOUCHED);

    state.isAway = false;
    await run.sweep();
    expect(standing(run.vm())).toEqual(ONCE);
  });
});

test('goes away right before the deallocation: the VM stays on, unmarked', async () => {
  const { table, state } = aTable();
  await inAzure({ vms: VMS, table }, async (run) => {
    run.line.before(CALLS.mark, () => {
      state.isAway = true;
    });
    await run.sweep();
    expect(standing(run.vm())).toEqual(UNTOUCHED);
    expect((await run.view()).outcome).toMatchObject({ reason: 'journal-unwritable' });

    state.isAway = false;
    await run.time.advance(3 * HOUR_MS);
    await run.sweep();
    expect(standing(run.vm())).toEqual(ONCE);
    expect(await run.app.store.leases.list()).toEqual([]);
  });
});

test('is away while a VM is off: the VM is finished and started, and told of later', async () => {
  const { table, state } = aTable();
  await inAzure({ vms: VMS, table }, async (run) => {
    run.line.before(CALLS.encrypt, () => {
      state.isAway = true;
    });
    await run.app.runSweep();
    await run.time.advance(HOUR_MS);
    expect(standing(run.vm())).toEqual(ONCE);
    expect(areOn(run.disksOf(), setIdOf(run.simulator))).toBe(true);

    state.isAway = false;
    expect((await records(run)).map(({ outcome }) => outcome)).toEqual([null]);
    await run.time.advance(HOUR_MS);
    expect((await records(run)).map(({ outcome }) => outcome)).toEqual(['converted']);
    await run.sweep();
    await run.time.advance(3 * HOUR_MS);
    await run.sweep();
    expect(await run.app.store.leases.list()).toEqual([]);
  });
});

test('closes the record of a conversion that was terminated while its VM was off', async () => {
  await inAzure({ vms: VMS }, async (run) => {
    run.line.before(CALLS.encrypt, async () => {
      const [view] = await run.app.conversions();
      await run.app.ask(
        'POST',
        `/runtime/webhooks/durabletask/instances/${view?.id}/terminate?reason=test`,
      );
    });
    await run.app.runSweep();
    await run.time.advance(HOUR_MS);
    await run.sweep();

    expect(run.vm().powerState).toBe('running');
    const outcomes = (await records(run)).map(({ outcome }) => outcome);
    expect(outcomes).toContain('restored');
    expect(outcomes).not.toContain(null);
    expect(await run.app.store.leases.list()).toEqual([]);
  });
});

test('keeps what a conversion tells that ends while it is looked for as abandoned', async () => {
  const { table } = aTable();
  const found: (string | undefined)[] = [];
  let isSlow = false;
  const slow: Table = {
    ...table,
    query: async (asked) => {
      const rows = await table.query(asked);
      if (!isSlow || asked.where?.['outcome'] !== 'under-way') return rows;
      isSlow = false;
      found.push(...rows.map(({ properties }) => properties['outcome']));
      await new Promise((resolve) => setTimeout(resolve, MINUTE_MS));
      return rows;
    },
  };
  await inAzure({ vms: VMS, table: slow }, async (run) => {
    // Its start is put off until its record is old enough to be looked after.
    const busy = { error: { code: 'TooManyRequests', message: 'Slow down.' } };
    const headers = { 'retry-after': '660' };
    run.line.answer(CALLS.start, 429, busy, { times: 1, headers });
    run.line.before(CALLS.start, () => {
      isSlow = true;
      void run.app.runSweep();
    });
    await run.app.runSweep();
    await run.time.advance(HOUR_MS);

    expect(found).toEqual(['under-way']);
    expect(await records(run)).toMatchObject([{ outcome: 'converted' }]);
  });
});

test('ends the record of a conversion whose task hub was lost', async () => {
  const vms = [{ name: 'vm-off', power: 'deallocated' as const }];
  await inAzure({ vms }, async (run) => {
    run.line.before(CALLS.encrypt, async () => {
      run.app.host.kill();
      run.app = await run.app.restart();
    });
    await run.app.runSweep();
    await run.time.advance(HOUR_MS);
    await run.sweep();

    const outcomes = (await records(run)).map(({ outcome }) => outcome);
    expect(outcomes).toContain('interrupted');
    expect(outcomes).not.toContain(null);
    expect(areOn(run.disksOf('vm-off'), setIdOf(run.simulator))).toBe(true);
  });
});
