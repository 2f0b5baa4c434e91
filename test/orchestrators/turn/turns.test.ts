import { expect, test } from 'vitest';
import { EVERYTHING } from '../../../src/domain/turn/stop-scope.ts';
import { areOn, HOUR_MS, inAzure, MINUTE_MS, type Run, setIdOf, standing } from '../a-run.ts';

const UNTOUCHED = { powerState: 'running', deallocations: 0, starts: 0, marked: false };
const ONCE = { powerState: 'running', deallocations: 1, starts: 1, marked: false };
const VMS = [{ name: 'vm-1', dataDisks: 1 }];
const ANNA = { objectId: '1f0a3c5e-7b9d-4e2f-8a6c-0d1e2f3a4b5c', name: 'anna@contoso.example' };
/** The runs begin on a Sunday at 08:00 UTC. */
const AT_TEN = { days: ['sun' as const], fromMinute: 600, toMinute: 720, timeZone: 'UTC' };

/** One sweep, of which instances may be left that sleep. */
async function sweepAnd(run: Run, ms: number): Promise<void> {
  await run.app.runSweep();
  await run.time.advance(ms);
}

async function approve(run: Run, kind: 'approved' | 'rejected'): Promise<void> {
  const [approval] = await run.app.store.approvals.list();
  if (!approval) throw new Error('nobody asks for an approval');
  const { id, planDigest } = approval;
  const decision = { kind, by: ANNA, atMs: run.time.now(), reason: null, planDigest };
  const answer = await run.app.store.approvals.decide(id, decision, { notByRequester: true });
  expect(answer.kind).toBe('accepted');
}

test('waits for the maintenance window, and converts by itself when it opens', async () => {
  const policy = { when: 'in-window' as const, windows: [AT_TEN] };
  await inAzure({ vms: VMS, policy }, async (run) => {
    await sweepAnd(run, HOUR_MS);
    expect(standing(run.vm())).toEqual(UNTOUCHED);
    const opensMs = Date.parse('2026-03-01T10:00:00Z');
    expect((await run.view()).outcome).toMatchObject({
      kind: 'deferred',
      reason: 'outside-window',
      untilMs: opensMs,
    });

    await run.time.advance(90 * MINUTE_MS);

    expect(standing(run.vm())).toEqual(ONCE);
    expect(areOn(run.disksOf(), setIdOf(run.simulator))).toBe(true);
    const [downtime] = run.vm().downtimes;
    expect(Date.parse(downtime?.deallocateRequestedAt ?? '')).toBeGreaterThanOrEqual(opensMs);
  });
});

test('what a person asked for outside the window is converted when that opens', async () => {
  const policy = { when: 'in-window' as const, windows: [AT_TEN] };
  await inAzure({ vms: VMS, policy }, async (run) => {
    await run.app.ask('POST', '/api/conversions', { target: run.vm().id });
    await run.time.advance(HOUR_MS);
    expect(standing(run.vm())).toEqual(UNTOUCHED);

    await run.time.advance(2 * HOUR_MS);

    expect(standing(run.vm())).toEqual(ONCE);
  });
});

test("counts the window of the VM's own tag", async () => {
  const vms = [
    { ...VMS[0], name: 'vm-1', tags: { 'keyturn:window': 'Sun 11:00-12:00 Europe/Amsterdam' } },
  ];
  const policy = { when: 'in-window' as const, windows: [{ ...AT_TEN, days: ['wed' as const] }] };
  await inAzure({ vms, policy }, async (run) => {
    await sweepAnd(run, 3 * HOUR_MS);

    const [downtime] = run.vm().downtimes;
    expect(downtime?.deallocateRequestedAt).toMatch(/^2026-03-01T10:00/);
  });
});

test('switches nothing off in a window that was closed meanwhile', async () => {
  const policy = { when: 'in-window' as const, windows: [AT_TEN] };
  await inAzure({ vms: VMS, policy }, async (run) => {
    await sweepAnd(run, HOUR_MS);
    run.app.setPolicy(run.policy({ when: 'in-window', windows: [{ ...AT_TEN, days: ['mon'] }] }));

    await run.time.advance(4 * HOUR_MS);

    expect(standing(run.vm())).toEqual(UNTOUCHED);
    expect((await run.view()).outcome).toMatchObject({ reason: 'outside-window' });
  });
});

test('converts after a person approved, once', async () => {
  await inAzure({ vms: VMS, policy: { when: 'on-approval' } }, async (run) => {
    await run.sweep();
    expect(standing(run.vm())).toEqual(UNTOUCHED);
    expect((await run.view()).outcome).toMatchObject({ reason: 'awaits-approval' });

    await approve(run, 'approved');
    await run.sweep();

    expect(standing(run.vm())).toEqual(ONCE);
    const [record] = (await run.app.store.journal.find({}, { top: 5, token: null }))?.records ?? [];
    expect(record?.approvedBy).toEqual(ANNA);
    const approval = await run.app.store.approvals.read(run.vm().id);
    expect(approval?.usedBy).toContain(record?.instanceId);
  });
});

test('leaves a VM alone that a person said no about', async () => {
  await inAzure({ vms: VMS, policy: { when: 'on-approval' } }, async (run) => {
    await run.sweep();
    await approve(run, 'rejected');

    await run.sweep();

    expect(standing(run.vm())).toEqual(UNTOUCHED);
    expect((await run.view()).outcome).toMatchObject({ reason: 'rejected', detail: ANNA.name });
  });
});

test('an approval stands until its deadline, after which somebody is asked again', async () => {
  await inAzure({ vms: VMS, policy: { when: 'on-approval' } }, async (run) => {
    await run.sweep();
    const { stops } = run.app.store;
    const atMs = run.time.now();
    await stops.set({ scope: EVERYTHING, by: ANNA.name, reason: 'change freeze', atMs });
    await approve(run, 'approved');
    const { deadlineHours } = run.policy({}).approval;
    await run.time.advance(deadlineHours * HOUR_MS);

    await stops.clear(EVERYTHING);
    await run.sweep();

    expect(standing(run.vm())).toEqual(UNTOUCHED);
    expect((await run.view()).outcome).toMatchObject({ reason: 'awaits-approval' });
    await approve(run, 'approved');
    await run.sweep();
    expect(standing(run.vm())).toEqual(ONCE);
  });
});

test('an approval is for the disks that were shown, and no others', async () => {
  await inAzure({ vms: VMS, policy: { when: 'on-approval' } }, async (run) => {
    await run.sweep();
    await approve(run, 'approved');
    run.simulator.estate.addDisk({ name: 'more', attachedTo: ['vm-1'] });

    await run.sweep();

    expect(standing(run.vm())).toEqual(UNTOUCHED);
    expect((await run.view()).outcome).toMatchObject({ reason: 'awaits-approval' });
  });
});

test('converts in place when the owner deallocates, and does not start the VM', async () => {
  await inAzure({ vms: VMS, policy: { when: 'when-deallocated' } }, async (run) => {
    run.app.connectEvents();
    await run.sweep();
    expect(standing(run.vm())).toEqual(UNTOUCHED);
    expect((await run.view()).outcome).toMatchObject({ reason: 'awaits-deallocation' });

    await run.administer('POST', `${run.vm().id}/deallocate`);
    await run.time.advance(HOUR_MS);

    expect(run.vm()).toMatchObject({ powerState: 'deallocated', starts: 0 });
    expect(areOn(run.disksOf(), setIdOf(run.simulator))).toBe(true);
  });
});

test('does not fight an owner who starts the VM again meanwhile', async () => {
  await inAzure({ vms: VMS, policy: { when: 'when-deallocated' } }, async (run) => {
    run.app.connectEvents();
    await run.administer('POST', `${run.vm().id}/deallocate`);
    run.line.before({ method: 'PATCH', path: /\/disks\// }, () =>
      run.administer('POST', `${run.vm().id}/start`),
    );

    await run.time.advance(2 * HOUR_MS);

    expect(run.vm()).toMatchObject({ powerState: 'running', deallocations: 1, starts: 1 });
  });
});
