import { expect, test } from 'vitest';
import { inAzure, MINUTE_MS, type Run } from '../a-run.ts';

const PPG = 'ppg-erp';

/** What a plan of the VM warns of. */
async function warnings({ app, vm, time }: Run): Promise<readonly string[]> {
  const asked = { target: vm().id, dryRun: true };
  const { body } = await app.ask('POST', '/api/conversions', asked);
  const { id } = body as { readonly id: string };
  await time.advance(MINUTE_MS);
  const view = (await app.ask('GET', `/api/conversions/${id}`)).body as {
    readonly outcome: { readonly results: readonly [{ readonly outcome: unknown }] };
  };
  const [{ outcome }] = view.outcome.results;
  const { verdicts = [] } = outcome as {
    readonly verdicts?: readonly { readonly answer: string; readonly code: string }[];
  };
  return verdicts.filter(({ answer }) => answer === 'warn').map(({ code }) => code);
}

test('warns of a VM that somebody has put into a proximity placement group', async () => {
  await inAzure({ vms: [{ name: 'vm-1' }] }, async (run) => {
    expect(await warnings(run)).not.toContain('proximity-placement-group');
    const group = run.vm().id.replace(/virtualMachines\/.*/, `proximityPlacementGroups/${PPG}`);
    await run.administer('PUT', group, { location: 'westeurope' });
    const properties = { proximityPlacementGroup: { id: group } };
    await run.administer('PATCH', run.vm().id, { properties });
    await run.time.advance(MINUTE_MS);

    expect(await warnings(run)).toContain('proximity-placement-group');
  });
});

test('says before the VM is switched off that its copy elsewhere stays on the old key', async () => {
  const build = (estate: Run['simulator']['estate']): void => {
    estate.addRecoveryVault({
      name: 'rsv-dr',
      location: 'northeurope',
      replicated: [{ vm: 'vm-1' }],
    });
  };
  await inAzure({ vms: [{ name: 'vm-1' }], build }, async (run) => {
    expect(await warnings(run)).toContain('site-recovery');
  });
});

test('switches members of a flexible scale set off one at a time, and warns of its model', async () => {
  const vms = ['vm-1', 'vm-2', 'vm-3'].map((name) => ({ name, scaleSet: 'vmss-web' }));
  await inAzure({ vms }, async (run) => {
    expect(await warnings(run)).toContain('scale-set-model');
    let most = 0;
    run.line.hooks.push((): 'pass' => {
      const off = run.simulator.truth().vms.filter(({ powerState }) => powerState !== 'running');
      most = Math.max(most, off.length);
      return 'pass';
    });
    await run.app.runSweep();
    await run.quiet();

    expect(most).toBe(1);
    expect(run.simulator.truth().vms.map(({ deallocations }) => deallocations)).toEqual([1, 1, 1]);
  });
});
