import { expect, test } from 'vitest';
import { aRule, aScope } from '../../support/builders.ts';
import { areOn, HOUR_MS, inAzure, MINUTE_MS, type Run, setIdOf, standing } from '../a-run.ts';

const UNTOUCHED = { powerState: 'running', deallocations: 0, starts: 0, marked: false };
const ONCE = { powerState: 'running', deallocations: 1, starts: 1, marked: false };

test('only says what it would do in report mode', async () => {
  const vms = [{ name: 'vm-1', dataDisks: 1 }];
  const build = (estate: Run['simulator']['estate']) => estate.addDisk({ name: 'loose' });
  await inAzure({ vms, build, policy: { mode: 'report' } }, async (run) => {
    await run.sweep();
    await run.convert(run.vm().id);

    expect(standing(run.vm())).toEqual(UNTOUCHED);
    expect((await run.view()).outcome).toMatchObject({
      kind: 'reported',
      mode: 'report',
      deallocate: true,
      changes: [{ diskEncryptionSetId: setIdOf(run.simulator) }, {}],
    });
    const { disks } = run.simulator.truth();
    const loose = disks.find(({ id }) => id.endsWith('/loose'))?.id;
    expect((await run.view(loose)).outcome).toMatchObject({ kind: 'reported', deallocate: false });
    expect(disks.every(({ diskEncryptionSetId }) => diskEncryptionSetId === null)).toBe(true);
    expect(writes(run)).toEqual([]);
  });
});

test('asks Azure nothing about an empty scope but for VMs that it left off', async () => {
  await inAzure({ vms: [{ name: 'vm-1' }], policy: { scope: [] } }, async (run) => {
    run.app.connectEvents();
    run.simulator.announce(run.vm().id);

    await run.sweep();
    await run.time.advance(HOUR_MS);

    const paths = run.line.requests.map(({ path }) => path);
    expect(paths).toEqual(['/providers/Microsoft.ResourceGraph/resources']);
    expect(standing(run.vm())).toEqual(UNTOUCHED);
  });
});

test('leaves alone what the scope does not name', async () => {
  const vms = [
    { name: 'vm-1', group: 'rg-in' },
    { name: 'vm-2', group: 'rg-out' },
  ];
  await inAzure({ vms }, async (run) => {
    const { subscriptionId } = run.simulator;
    const scope = [aScope(subscriptionId, { resourceGroups: ['RG-IN'] })];
    run.app.setPolicy(run.policy({ scope }));
    await run.sweep();

    expect(standing(run.vm('vm-1'))).toEqual(ONCE);
    expect(standing(run.vm('vm-2'))).toEqual(UNTOUCHED);
  });
});

const BY_TAG = { env: 'prod' };

test('converts the VMs that carry the tags of the scope, with their disks, and no others', async () => {
  const vms = [{ name: 'vm-1', dataDisks: 1, tags: BY_TAG }, { name: 'vm-2' }];
  const build = (estate: Run['simulator']['estate']) => {
    estate.addDisk({ name: 'loose-in', tags: BY_TAG });
    estate.addDisk({ name: 'loose-out' });
  };
  await inAzure({ vms, build }, async (run) => {
    const scope = [aScope(run.simulator.subscriptionId, { tags: BY_TAG })];
    run.app.setPolicy(run.policy({ scope }));
    await run.sweep();

    expect(standing(run.vm('vm-1'))).toEqual(ONCE);
    expect(areOn(run.disksOf('vm-1'), setIdOf(run.simulator))).toBe(true);
    expect(standing(run.vm('vm-2'))).toEqual(UNTOUCHED);
    expect(converted(run)).toContain('loose-in');
    expect(converted(run)).not.toContain('loose-out');
  });
});

test('asks nothing further about disks in a region that the scope does not name', async () => {
  await inAzure({ vms: [{ name: 'vm-1' }] }, async (run) => {
    const scope = [aScope(run.simulator.subscriptionId, { regions: ['northeurope'] })];
    run.app.setPolicy(run.policy({ scope }));
    await run.sweep();

    expect(standing(run.vm())).toEqual(UNTOUCHED);
    expect(run.line.requests.filter(({ path }) => path.includes('/virtualMachines/'))).toEqual([]);
  });
});

test('leaves excluded VMs and disks alone, says so, and converts the rest', async () => {
  const vms = [
    { name: 'vm-1', dataDisks: 1 },
    { name: 'vm-2', tags: { 'KeyTurn:Exclude': 'by its owner' } },
    { name: 'vm-3', tags: { 'keyturn:exclude-until': 'next spring' } },
    { name: 'vm-4', tags: { 'keyturn:exclude-until': '2026-02-28' } },
  ];
  await inAzure({ vms }, async (run) => {
    const [os, data] = run.disksOf('vm-1').map(({ id }) => id);
    const untilMs = Date.UTC(2027, 0);
    const entry = { scope: data ?? '', owner: 'erp-team', reason: 'quarter end', untilMs };
    run.app.setPolicy(run.policy({ exclusions: [entry] }));
    await run.sweep();

    expect(standing(run.vm('vm-1'))).toEqual(ONCE);
    const on = run
      .disksOf('vm-1')
      .filter(({ diskEncryptionSetId }) => diskEncryptionSetId !== null);
    expect(on.map(({ id }) => id)).toEqual([os]);
    const skipped = [{ diskId: data, reason: 'excluded' }];
    expect((await run.view(run.vm('vm-1').id)).outcome).toMatchObject({ skipped });
    expect(standing(run.vm('vm-2'))).toEqual(UNTOUCHED);
    expect((await run.view(run.vm('vm-2').id)).outcome.reason).toBe('excluded');
    expect(standing(run.vm('vm-3'))).toEqual(UNTOUCHED);
    expect((await run.view(run.vm('vm-3').id)).outcome.reason).toBe('exclusion-unreadable');
    expect(standing(run.vm('vm-4'))).toEqual(ONCE);
  });
});

test('switches no VM off while rules for two sets fit one of its disks, and names both', async () => {
  await inAzure({ vms: [{ name: 'vm-1', tags: BY_TAG }] }, async (run) => {
    const sets = [setIdOf(run.simulator), `${setIdOf(run.simulator)}-2`];
    const [one = '', other = ''] = sets;
    const rules = [aRule(one, { regions: ['westeurope'] }), aRule(other, { tags: BY_TAG })];
    run.app.setPolicy(run.policy({ encryptionSets: rules }));
    await run.sweep();

    expect(standing(run.vm())).toEqual(UNTOUCHED);
    const { verdicts } = (await run.view()).outcome;
    expect(verdicts).toMatchObject([{ code: 'ambiguous-set' }]);
    for (const set of sets) expect(JSON.stringify(verdicts)).toContain(set);
  });
});

test('converts what is off and what is loose, and no more, when it may not deallocate', async () => {
  const vms = [{ name: 'vm-1' }, { name: 'vm-2', power: 'deallocated' as const }];
  const build = (estate: Run['simulator']['estate']) => estate.addDisk({ name: 'loose' });
  await inAzure({ vms, build, policy: { mayDeallocate: false } }, async (run) => {
    await run.sweep();

    expect(standing(run.vm())).toEqual(UNTOUCHED);
    expect((await run.view()).outcome).toMatchObject({ reason: 'may-not-deallocate' });
    expect(areOn(run.disksOf('vm-2'), setIdOf(run.simulator))).toBe(true);
    const loose = run.simulator.truth().disks.filter(({ managedBy }) => managedBy === null);
    expect(areOn(loose, setIdOf(run.simulator))).toBe(true);
    expect(standing(run.vm('vm-2'))).toMatchObject({ powerState: 'deallocated', starts: 0 });
  });
});

const NEW_VM = [{ name: 'vm-1', ageDays: 0 }];

test('counts the time to settle from the creation of the VM', async () => {
  await inAzure({ vms: NEW_VM, policy: { settleMinutes: 10 } }, async (run) => {
    await run.time.advance(4 * MINUTE_MS);
    await run.app.runSweep();
    await run.time.advance(5 * MINUTE_MS);
    const before = standing(run.vm());
    await run.time.advance(2 * MINUTE_MS);

    await run.quiet();

    expect(before).toEqual(UNTOUCHED);
    expect(standing(run.vm())).toEqual(ONCE);
    const requested = Date.parse(run.vm().downtimes[0]?.deallocateRequestedAt ?? '');
    expect(requested - Date.parse('2026-03-01T08:00:00Z')).toBeLessThan(11 * MINUTE_MS);
  });
});

test.for<[change: string, act: (run: Run) => unknown, kind: string]>([
  ['the scope is narrowed', ({ app, policy }) => app.setPolicy(policy({ scope: [] })), 'skipped'],
  [
    'the set is taken out',
    ({ app, policy }) => app.setPolicy(policy({ encryptionSets: [] })),
    'skipped',
  ],
  [
    'its owner excludes it',
    (run) =>
      run.administer('PATCH', `${run.vm().id}/providers/Microsoft.Resources/tags/default`, {
        operation: 'Merge',
        properties: { tags: { 'keyturn:exclude': 'not now' } },
      }),
    'skipped',
  ],
  [
    'the mode becomes report',
    ({ app, policy }) => app.setPolicy(policy({ mode: 'report' })),
    'reported',
  ],
  [
    'it may not deallocate any more',
    ({ app, policy }) => app.setPolicy(policy({ mayDeallocate: false })),
    'skipped',
  ],
  [
    'the key is disabled',
    ({ simulator, keyUrl }) => simulator.estate.changeKey(keyUrl, { enabled: false }),
    'blocked',
  ],
  [
    'a snapshot is taken',
    ({ simulator, disksOf }) =>
      simulator.estate.addSnapshot({ name: 's', disk: disksOf()[0]?.id ?? '' }),
    'blocked',
  ],
])('does not touch a VM when, while it settles, %s', async ([, act, kind]) => {
  await inAzure({ vms: NEW_VM, policy: { settleMinutes: 10 } }, async (run) => {
    await run.app.runSweep();
    await run.time.advance(5 * MINUTE_MS);

    await act(run);
    await run.quiet();

    expect(standing(run.vm())).toEqual(UNTOUCHED);
    expect(writes(run)).toEqual([]);
    expect((await run.view()).outcome.kind).toBe(kind);
  });
});

test('does not touch a VM when the policy cannot be read any more', async () => {
  await inAzure({ vms: NEW_VM, policy: { settleMinutes: 10 } }, async (run) => {
    await run.app.runSweep();
    await run.time.advance(5 * MINUTE_MS);

    const unreadable = new Proxy(run.policy({}), {
      get: () => {
        throw new Error('The policy file cannot be read.');
      },
    });
    run.app.setPolicy(unreadable);
    await run.quiet();
    run.app.setPolicy(run.policy({}));

    expect(standing(run.vm())).toEqual(UNTOUCHED);
    expect((await run.view()).status).toBe('Failed');
    await run.sweep();
    expect(standing(run.vm())).toEqual(ONCE);
  });
});

test('starts a VM that was left off although the scope no longer names its group', async () => {
  await inAzure({ vms: [{ name: 'vm-1' }] }, async (run) => {
    const { subscriptionId } = run.simulator;
    await run.app.runSweep();
    await run.time.runUntil(() => run.vm().powerState === 'deallocated');
    run.app.host.kill();
    run.app = await run.app.restart();
    run.app.setPolicy(
      run.policy({ scope: [aScope(subscriptionId, { resourceGroups: ['rg-else'] })] }),
    );

    await run.sweep();

    expect(standing(run.vm())).toMatchObject({ powerState: 'running', marked: false });
  });
});

test('looks at every page of a large estate', async () => {
  const build = (estate: Run['simulator']['estate']) => {
    for (let disk = 0; disk < 120; disk += 1) estate.addDisk({ name: `loose-${disk}` });
  };
  await inAzure({ build }, async (run) => {
    await run.sweep();

    expect(areOn(run.simulator.truth().disks, setIdOf(run.simulator))).toBe(true);
    const path = '/runtime/webhooks/durabletask/instances/sweep';
    const { body } = await run.app.ask('GET', path);
    expect(body).toMatchObject({ output: { kind: 'swept', found: 120, started: 120 } });
  });
});

function converted({ simulator }: Run): readonly string[] {
  const { disks } = simulator.truth();
  const on = disks.filter(({ diskEncryptionSetId }) => diskEncryptionSetId !== null);
  return on.map(({ id }) => id.slice(id.lastIndexOf('/') + 1));
}

function writes({ line }: Run) {
  return line.requests.filter(
    ({ method, path }) => method !== 'GET' && !/ResourceGraph|checkPolicyRestrictions/.test(path),
  );
}
