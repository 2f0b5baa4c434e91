import { expect, test } from 'vitest';
import { CALLS, inAzure, MINUTE_MS } from '../a-run.ts';

const NO_CAPACITY = { code: 'AllocationFailed', message: 'No capacity.' };

test('shows why a VM does not start while keyturn goes on trying, and no longer when it runs', async () => {
  await inAzure({ vms: [{ name: 'vm-1' }] }, async (run) => {
    run.simulator.faults.failOperationNext({ ...CALLS.start, times: 3 }, NO_CAPACITY);

    await run.app.runSweep();
    await run.time.advance(2 * MINUTE_MS);
    const meanwhile = await run.view();
    await run.quiet();

    expect(run.vm().powerState).toBe('running');
    expect([meanwhile.status, meanwhile.progress]).toEqual([
      'Running',
      expect.objectContaining({ step: 'starting', problem: 'AllocationFailed' }),
    ]);
    expect((await run.view()).progress).not.toHaveProperty('problem');
  });
});
