import { expect, test } from 'vitest';
import type { ConversionPolicy } from '../../../src/domain/policy/conversion-policy.ts';
import { areOn, CALLS, inAzure, setIdOf, standing } from '../a-run.ts';

const UNTOUCHED = { powerState: 'running', deallocations: 0, starts: 0, marked: false };
const ONCE = { powerState: 'running', deallocations: 1, starts: 1, marked: false };
const NO_KEY = { status: 400, code: 'KeyVaultAccessForbidden', message: 'No access.' };

test.for<Partial<ConversionPolicy>>([{ mode: 'report' }, { mayDeallocate: false }, { scope: [] }])(
  'the policy counts until the very call that would switch the VM off: %o',
  async (change) => {
    await inAzure({ vms: [{ name: 'vm-1' }] }, async (run) => {
      run.line.before(CALLS.mark, () => run.app.setPolicy(run.policy(change)));
      await run.sweep();

      expect(standing(run.vm())).toEqual(UNTOUCHED);
    });
  },
);

test('puts no other disk of the VM onto a set whose key Azure may not use', async () => {
  await inAzure({ vms: [{ name: 'vm-1', dataDisks: 1 }] }, async (run) => {
    const patch = { method: 'PATCH' };
    run.simulator.faults.throttleNext({ ...patch, path: /\/disks\/vm-1-data-1$/ }, 30);
    run.simulator.faults.refuseNext({ ...patch, path: /\/disks\/vm-1_OsDisk/ }, NO_KEY);
    await run.sweep();

    expect(standing(run.vm())).toEqual(ONCE);
    expect(run.disksOf().some((disk) => areOn([disk], setIdOf(run.simulator)))).toBe(false);
    const { disks = [] } = (await run.view()).outcome;
    expect(disks.map(({ code }) => code).sort()).toEqual([NO_KEY.code, 'SetStopped']);
  });
});
