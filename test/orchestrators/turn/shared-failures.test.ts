import { expect, test } from 'vitest';
import { inAzure, type Run, standing } from '../a-run.ts';

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
