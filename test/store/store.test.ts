import { describe, expect, test } from 'vitest';
import type { ApprovalRequest } from '../../src/domain/turn/approval.ts';
import { EVERYTHING } from '../../src/domain/turn/stop-scope.ts';
import { connectStore } from '../../src/store/connect-store.ts';
import { setId, vmId } from '../support/builders.ts';
import { BACKENDS } from './tables.ts';

const anna = { objectId: '11111111-0000-0000-0000-000000000001', name: 'anna@contoso.com' };
const ben = { objectId: '22222222-0000-0000-0000-000000000002', name: 'bén@contoso.com' };
const rule = { notByRequester: true };

function aRequest(name: string, differences: Partial<ApprovalRequest> = {}): ApprovalRequest {
  return {
    vmId: vmId(name),
    planDigest: 'plan-1',
    requestedBy: { kind: 'person', person: anna, requestId: 'request-1' },
    requestedAtMs: 1_000,
    deadlineMs: 5_000,
    ...differences,
  };
}

describe.for(BACKENDS)('in $name', ({ create, skipped }) => {
  test.skipIf(skipped)('a stop stands, as it was first set, until it is cleared', async () => {
    const open = await create();
    const { stops } = connectStore(open());
    const stop = { scope: EVERYTHING, by: anna.name, reason: 'quarter end', atMs: 1_000 };
    const ofSet = { scope: setId('a'), by: 'keyturn', reason: 'KeyVaultAccess…', atMs: 2_000 };
    expect(await stops.read()).toEqual([]);

    await stops.set(ofSet);
    await stops.set(stop);
    await stops.set({ ...stop, by: ben.name });
    await stops.set({ ...ofSet, scope: setId('a').toUpperCase() });

    const read = await connectStore(open()).stops.read();
    expect(read.toSorted((a, b) => a.atMs - b.atMs)).toEqual([stop, ofSet]);
    await stops.clear(setId('A'));
    await stops.clear(setId('A'));
    expect(await stops.read()).toEqual([stop]);
    await stops.clear(EVERYTHING);
    expect(await stops.read()).toEqual([]);
  });

  test.skipIf(skipped)('a request to stop is known by when it was last given', async () => {
    const open = await create();
    const { stopRequests } = connectStore(open());
    expect(await stopRequests.givenAtMs('vm-1')).toBe(null);

    await stopRequests.add('vm-1', 1_000);
    await stopRequests.add('request-1', 2_000);
    await stopRequests.add('vm-1', 3_000);

    const known = connectStore(open()).stopRequests;
    const asked = ['vm-1', 'request-1', 'vm-2'].map((id) => known.givenAtMs(id));
    expect(await Promise.all(asked)).toEqual([3_000, 2_000, null]);
  });

  test.skipIf(skipped)('the last start of a size is known, whatever its case', async () => {
    const { starts } = connectStore((await create())());

    expect(await starts.lastMs('size/a/westeurope')).toBe(null);
    await starts.note('size/a/westeurope', 1_000);
    await starts.note('size/A/WestEurope', 2_000);
    expect(await starts.lastMs('size/a/westeurope')).toBe(2_000);
    expect(await starts.lastMs('size/a/westeurope/1')).toBe(null);
  });

  test.skipIf(skipped)('a stop that somebody made by hand stands, however it looks', async () => {
    const table = (await create())();
    await table.insert({ partition: 'stop', row: 'everything', properties: { scope: 'x' } });
    await table.insert({ partition: 'stop', row: 'help', properties: {} });

    expect(await connectStore(table).stops.read()).toEqual([
      { scope: EVERYTHING, by: '', reason: '', atMs: 0 },
      { scope: EVERYTHING, by: '', reason: '', atMs: 0 },
    ]);
  });

  test.skipIf(skipped)('VMs wait in the order in which they came first', async () => {
    const { queue } = connectStore((await create())());
    const waitsFor = 'region/westeurope';
    const requestedBy = { kind: 'event', person: null, requestId: 'event-1' } as const;
    await queue.add({ vmId: vmId('b'), sinceMs: 2_000, waitsFor, requestedBy });
    await queue.add({ vmId: vmId('a'), sinceMs: 3_000, waitsFor, requestedBy });
    await queue.add({ vmId: vmId('c'), sinceMs: 1_000, waitsFor, requestedBy });
    await queue.add({ vmId: vmId('C').toUpperCase(), sinceMs: 9_000, waitsFor, requestedBy });

    expect((await queue.list()).map((waiting) => waiting.vmId)).toEqual(
      ['c', 'b', 'a'].map((it) => vmId(it)),
    );
    await queue.remove(vmId('B'));
    await queue.remove(vmId('B'));
    expect(await queue.list()).toEqual([
      { vmId: vmId('c'), sinceMs: 1_000, waitsFor, requestedBy },
      { vmId: vmId('a'), sinceMs: 3_000, waitsFor, requestedBy },
    ]);
  });

  test.skipIf(skipped)('an approval is asked for, given and used once', async () => {
    const open = await create();
    const { approvals } = connectStore(open());
    const request = aRequest('vm-1', { deadlineMs: Date.now() + 3_600_000 });
    const asked = await approvals.request(request);
    expect(asked).toEqual({ ...request, id: asked.id, decision: null, usedBy: null, earlier: [] });
    expect(await approvals.request({ ...request, requestedAtMs: 2_000 })).toEqual(asked);

    const yes = { kind: 'approved', by: ben, atMs: 2_000, reason: 'seen' } as const;
    const decided = await approvals.decide(asked.id, { ...yes, planDigest: 'plan-1' }, rule);

    const approval = { ...asked, decision: yes };
    expect(decided).toEqual({ kind: 'accepted', approval });
    expect(await connectStore(open()).approvals.read(vmId('VM-1'))).toEqual(approval);
    const use = { planDigest: 'plan-1', usedBy: 'vm-1' };
    expect((await approvals.use(vmId('vm-1'), use)).kind).toBe('accepted');
    expect(await approvals.use(vmId('vm-1'), { ...use, usedBy: 'vm-2' })).toEqual({
      kind: 'refused',
      reason: 'duplicate',
    });
    const next = await approvals.request(aRequest('vm-1', { requestedAtMs: 9_000 }));
    const earlier = [{ ...yes, planDigest: 'plan-1', usedBy: 'vm-1' }];
    expect(next).toMatchObject({ id: asked.id, decision: null, usedBy: null, earlier });
  });

  test.skipIf(skipped)('an approval is not used after its deadline', async () => {
    const { approvals } = connectStore((await create())());
    const { id, planDigest } = await approvals.request(aRequest('vm-1'));
    const yes = { kind: 'approved', by: ben, atMs: 2_000, reason: null, planDigest } as const;
    await approvals.decide(id, yes, rule);

    const used = await approvals.use(vmId('vm-1'), { planDigest, usedBy: 'vm-1' });

    expect(used).toEqual({ kind: 'refused', reason: 'late' });
  });

  test.skipIf(skipped)('one of several who decide at once does', async () => {
    const open = await create();
    const { id } = await connectStore(open()).approvals.request(aRequest('vm-1'));

    const answers = await Promise.all(
      ['x', 'y', 'z'].map((objectId, index) =>
        connectStore(open()).approvals.decide(
          id,
          {
            kind: index === 0 ? 'rejected' : 'approved',
            by: { objectId, name: objectId },
            atMs: 2_000,
            reason: null,
            planDigest: 'plan-1',
          },
          rule,
        ),
      ),
    );

    expect(answers.map(({ kind }) => kind).toSorted()).toEqual(['accepted', 'refused', 'refused']);
  });

  test.skipIf(skipped)('those that nobody has decided are listed, the oldest first', async () => {
    const { approvals } = connectStore((await create())());
    const { id } = await approvals.request(aRequest('vm-1'));
    await approvals.request(aRequest('vm-3', { requestedAtMs: 3_000 }));
    await approvals.request(aRequest('vm-2', { requestedAtMs: 2_000 }));
    const no = {
      kind: 'rejected',
      by: ben,
      atMs: 4_000,
      reason: null,
      planDigest: 'plan-1',
    } as const;
    await approvals.decide(id, no, rule);

    const listed = await approvals.list();

    expect(listed.map((approval) => approval.vmId)).toEqual([vmId('vm-2'), vmId('vm-3')]);
    expect(await approvals.read(vmId('vm-4'))).toBeNull();
  });

  test.skipIf(skipped).for(['', 'x', '../leases', '0'.repeat(32), `${'0'.repeat(32)}/`])(
    'nothing is decided about %j, of which nothing was asked',
    async (id) => {
      const { approvals } = connectStore((await create())());
      const yes = {
        kind: 'approved',
        by: ben,
        atMs: 2_000,
        reason: null,
        planDigest: 'plan-1',
      } as const;

      expect(await approvals.decide(id, yes, rule)).toEqual({ kind: 'refused', reason: 'unknown' });
    },
  );
});
