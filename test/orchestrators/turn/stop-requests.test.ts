import { expect, test } from 'vitest';
import { instanceIdFor } from '../../../src/durable/instance-id.ts';
import { CALLS, HOUR_MS, inAzure, type Run, standing } from '../a-run.ts';

const VMS = [{ name: 'vm-1' }];
const UNTOUCHED = { powerState: 'running', deallocations: 0, starts: 0, marked: false };

/** Asks for a conversion and stops it as the VM is marked, before its deallocation is sent. */
async function stopAtTheMark(run: Run, stop: (request: string) => Promise<unknown>): Promise<void> {
  const { body } = await run.app.ask('POST', '/api/conversions', { target: run.vm().id });
  const { id } = body as { readonly id: string };
  run.line.before(CALLS.mark, () => stop(id));
  await run.time.advance(HOUR_MS);
}

test.for(['request', 'conversion'])(
  "a person's stop of a %s counts though its durable event never comes",
  async (what) => {
    await inAzure({ vms: VMS }, async (run) => {
      await stopAtTheMark(run, (request) => {
        const id = what === 'request' ? request : instanceIdFor('vm', run.vm().id);
        return run.app.store.stopRequests.add(id, run.time.now());
      });

      expect(standing(run.vm())).toEqual(UNTOUCHED);
      expect((await run.view()).outcome).toMatchObject({ kind: 'stopped' });
      expect(await run.app.store.leases.list()).toEqual([]);
    });
  },
);

test('a stop by HTTP is written before the instance hears of it', async () => {
  await inAzure({ vms: VMS }, async (run) => {
    await stopAtTheMark(run, async (request) => {
      await run.app.ask('DELETE', `/api/conversions/${request}`);
      expect(await run.app.store.stopRequests.givenAtMs(request)).toBe(run.time.now());
    });

    expect(standing(run.vm())).toEqual(UNTOUCHED);
  });
});

test('a stop of a conversion does not stop the next one of the same VM', async () => {
  await inAzure({ vms: VMS }, async (run) => {
    await run.app.store.stopRequests.add(instanceIdFor('vm', run.vm().id), run.time.now() - 1);
    await run.convert(run.vm().id);

    expect(standing(run.vm())).toEqual({ ...UNTOUCHED, deallocations: 1, starts: 1 });
  });
});
