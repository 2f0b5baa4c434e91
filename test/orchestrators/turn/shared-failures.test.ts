import { expect, test } from 'vitest';
import { aRule, aScope } from '../../support/builders.ts';
import { CALLS, inAzure, type Run, standing } from '../a-run.ts';

const SIZE = 'Standard_E8s_v5';
const UNTOUCHED = { powerState: 'running', deallocations: 0, starts: 0, marked: false };
const MINUTE_MS = 60_000;

/** VMs of one size in one zone, which are told apart by their order. */
function ofOneSize(count: number, zone = '2') {
  return Array.from({ length: count }, (_, index) => ({
    name: `vm-${zone}${index + 1}`,
    size: SIZE,
    zones: [zone],
  }));
}

const NO_ROOM = { code: 'ZonalAllocationFailed', message: 'Allocation failed.' };

/** Asks for the conversion of a VM and lets so much time pass, for it may not end by itself. */
async function convertFor({ app, vm, time }: Run, name: string, ms: number): Promise<void> {
  const asked = await app.ask('POST', '/api/conversions', { target: vm(name).id });
  expect(asked.status).toBe(202);
  await time.advance(ms);
}

async function scopesOf({ app }: Run): Promise<readonly string[]> {
  return (await app.store.stops.read()).map(({ scope }) => scope);
}

test('one VM without room keeps those of its size in its zone on, until it has started', async () => {
  const vms = [...ofOneSize(3), ...ofOneSize(1, '1'), { name: 'vm-other', zones: ['2'] }];
  await inAzure({ vms }, async (run) => {
    run.simulator.faults.failOperationNext({ path: /vm-21\/start$/, times: 4 }, NO_ROOM);

    await convertFor(run, 'vm-21', 2 * MINUTE_MS);
    expect(run.vm('vm-21').powerState).toBe('deallocated');
    expect(await scopesOf(run)).toEqual([`size/${SIZE}/westeurope/2`]);
    for (const name of ['vm-22', 'vm-23', 'vm-11', 'vm-other']) {
      await convertFor(run, name, 2 * MINUTE_MS);
    }

    expect([run.vm('vm-22'), run.vm('vm-23')].map(standing)).toEqual([UNTOUCHED, UNTOUCHED]);
    expect([run.vm('vm-11'), run.vm('vm-other')].map(({ deallocations }) => deallocations)).toEqual(
      [1, 1],
    );
    expect(await scopesOf(run)).toEqual([`size/${SIZE}/westeurope/2`]);
    expect((await run.view(run.vm('vm-22').id)).outcome).toMatchObject({
      kind: 'deferred',
      reason: 'stop-standing',
      detail: expect.stringContaining(`VMs of size ${SIZE} in zone 2 of westeurope, by keyturn`),
    });

    await run.time.advance(60 * MINUTE_MS);
    expect(run.vm('vm-21').powerState).toBe('running');
    expect(await scopesOf(run)).toEqual([]);
    await run.sweep();
    expect(run.simulator.truth().vms.every(({ powerState }) => powerState === 'running')).toBe(
      true,
    );
    expect(run.vm('vm-22').deallocations).toBe(1);
  });
});

test('of many asked for at once only a first wave is off, and the others come with the first that starts', async () => {
  await inAzure({ vms: ofOneSize(9) }, async (run) => {
    const { conditions, truth } = run.simulator;
    const at = { size: SIZE, location: 'westeurope', zone: '2' };
    conditions.begin({ kind: 'no-capacity', ...at });
    await run.app.runSweep();
    await run.time.advance(30 * MINUTE_MS);

    expect(truth().vms.filter(({ deallocations }) => deallocations > 0)).toHaveLength(3);
    expect(await scopesOf(run)).toEqual([`size/${SIZE}/westeurope/2`]);

    conditions.clear();
    await run.time.advance(30 * MINUTE_MS);
    expect(await scopesOf(run)).toEqual([]);
    await run.sweep();
    expect(truth().vms.map(standing)).toEqual(
      ofOneSize(9).map(() => expect.objectContaining({ powerState: 'running', deallocations: 1 })),
    );
  });
});

test('a first wave that starts lets all the others follow', async () => {
  await inAzure({ vms: ofOneSize(14) }, async (run) => {
    let mostOff = 0;
    const look = setInterval(() => {
      const { vms } = run.simulator.truth();
      const off = vms.filter(({ powerState }) => powerState !== 'running').length;
      if (vms.every(({ starts }) => starts === 0)) expect(off).toBeLessThanOrEqual(3);
      mostOff = Math.max(mostOff, off);
    }, 1_000);
    await run.sweep();
    clearInterval(look);

    expect(run.simulator.truth().vms.every(({ starts }) => starts === 1)).toBe(true);
    expect(mostOff).toBeGreaterThan(3);
  });
});

const OTHER = '7b1e2c3d-4f5a-4b6c-8d7e-9f0a1b2c3d4e';
const DISABLED = {
  status: 409,
  code: 'ReadOnlyDisabledSubscription',
  message: 'The subscription is disabled and therefore marked as read only.',
};

/** Two VMs that are off and one that runs in the usual subscription; one VM in another. */
async function inTwoSubscriptions(
  body: (run: Run, ours: string) => Promise<void>,
  changes: Parameters<Run['policy']>[0] = {},
): Promise<void> {
  const off = { power: 'deallocated' } as const;
  const vms = [{ name: 'vm-off-1', ...off }, { name: 'vm-off-2', ...off }, { name: 'vm-1' }];
  const build = (estate: Run['simulator']['estate']): void => {
    estate.addSubscription({ id: OTHER, name: 'Other' });
    const place = { group: 'rg-other', subscription: OTHER, location: 'westeurope' };
    estate.addEncryptionSet({ name: 'des-other', ...place, key: 'kv-weu/disks' });
    estate.addVm({ name: 'vm-other', ...place });
  };
  await inAzure({ vms, build }, async (run) => {
    const { subscriptionId } = run.simulator;
    const set = `/subscriptions/${OTHER}/resourceGroups/rg-other/providers/Microsoft.Compute/diskEncryptionSets/des-other`;
    const { encryptionSets } = run.policy({});
    run.app.setPolicy(
      run.policy({
        ...changes,
        scope: [aScope(subscriptionId), aScope(OTHER)],
        encryptionSets: [
          ...encryptionSets.map((rule) => ({ ...rule, subscriptions: [subscriptionId] })),
          aRule(set, { subscriptions: [OTHER] }),
        ],
      }),
    );
    await body(run, `/subscriptions/${subscriptionId}`);
  });
}

test('a subscription that is not enabled is blocked, and the other one goes on', async () => {
  await inTwoSubscriptions(async (run, ours) => {
    const { conditions, subscriptionId } = run.simulator;
    conditions.begin({ kind: 'subscription-state', subscription: subscriptionId, state: 'Warned' });
    await run.sweep();

    for (const name of ['vm-1', 'vm-off-1']) {
      expect((await run.view(run.vm(name).id)).outcome).toMatchObject({
        kind: 'blocked',
        verdicts: expect.arrayContaining([
          expect.objectContaining({ code: 'subscription-not-enabled' }),
        ]),
      });
    }
    expect(run.vm('vm-other').deallocations).toBe(1);
    expect(
      run.line.requests.filter(({ method, path }) => method === 'PATCH' && path.startsWith(ours)),
    ).toEqual([]);

    conditions.clear();
    await run.time.advance(60 * MINUTE_MS);
    await run.sweep();
    expect(run.vm('vm-1').deallocations).toBe(1);
  });
});

test('a refusal to write in a subscription stops that one alone, at the first word', async () => {
  const changes = { stopAfterFailures: 2 };
  await inTwoSubscriptions(async (run, ours) => {
    const theirs = /^\/subscriptions\/5d4f6a0e.*\/disks\//i;
    run.simulator.faults.refuseNext({ method: 'PATCH', path: theirs, times: 9 }, DISABLED);
    await run.convert(run.vm('vm-off-1').id);
    await run.convert(run.vm('vm-off-2').id);
    await run.convert(run.vm('vm-1').id);

    expect(await scopesOf(run)).toEqual([ours]);
    expect(standing(run.vm('vm-1'))).toEqual(UNTOUCHED);
    const tried = run.line.requests.filter(
      ({ method, path }) => method === 'PATCH' && theirs.test(path),
    );
    expect(tried).toHaveLength(1);
    await run.convert(run.vm('vm-other').id);
    expect(run.vm('vm-other').deallocations).toBe(1);

    // Azure shows it as enabled, and lets it be written again.
    run.simulator.faults.clear();
    await run.time.advance(2 * MINUTE_MS);
    await run.sweep();
    expect(await scopesOf(run)).toEqual([]);
    await run.convert(run.vm('vm-1').id);
    expect(run.vm('vm-1').deallocations).toBe(1);
  }, changes);
});

test('failures that a stop explains do not stop everything', async () => {
  await inTwoSubscriptions(
    async (run, ours) => {
      run.simulator.faults.refuseNext({ method: 'PATCH', path: /\/disks\//, times: 2 }, DISABLED);
      // Both at once, before either knows of the other.
      await Promise.all(
        ['vm-off-1', 'vm-off-2'].map((name) =>
          run.app.ask('POST', '/api/conversions', { target: run.vm(name).id }),
        ),
      );
      await run.quiet();

      const failed = { outcome: 'failed' };
      const page = await run.app.store.journal.find(failed, { top: 9, token: null });
      expect(page?.records).toHaveLength(2);
      expect(await scopesOf(run)).toEqual([ours]);
    },
    { stopAfterFailures: 2 },
  );
});

test('a start that is refused for the subscription, or its offers, stops just that', async () => {
  const vms = [
    { name: 'vm-1', size: SIZE },
    { name: 'vm-2', size: 'Standard_D2s_v5' },
  ];
  for (const [code, scope] of [
    ['SkuNotAvailable', `size/${SIZE}/westeurope`],
    ['ReadOnlyDisabledSubscription', ''],
    ['QuotaExceeded', 'series/Es_v5/westeurope'],
  ] as const) {
    await inAzure({ vms }, async (run) => {
      const refusal = { status: 409, code, message: 'No.' };
      run.simulator.faults.refuseNext({ ...CALLS.start, times: 2 }, refusal);
      await convertFor(run, 'vm-1', MINUTE_MS);

      const ours = `/subscriptions/${run.simulator.subscriptionId}`;
      expect(await scopesOf(run)).toEqual([scope === '' ? ours : `${ours}/${scope}`]);
      expect(run.vm('vm-1').powerState).toBe('deallocated');

      await run.time.advance(20 * MINUTE_MS);
      expect(run.vm('vm-1').powerState).toBe('running');
      await run.sweep();
      expect(await scopesOf(run)).toEqual([]);
    });
  }
});
