import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { VmDescription } from '@keyturn/azure-simulator/estate-description';
import { readInstances } from '@keyturn/functions-host/read-instances';
import { afterAll, expect, test } from 'vitest';
import { areOn, inAzure, setIdOf, standing } from '../a-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'keyturn-size-'));
afterAll(() => rmSync(folder, { recursive: true }));

const DISKS = 32;
const long = (name: string) => name.padEnd(60, '-of-a-department');

const LONG_NAMES: VmDescription = {
  name: long('vm'),
  group: long('rg'),
  osDisk: { name: long('os') },
  dataDisks: Array.from({ length: DISKS - 1 }, (_, lun) => ({ name: long(`data-${lun}`) })),
};

test.for<[what: string, vm: VmDescription]>([
  ['usual names', { name: 'vm-1', dataDisks: DISKS - 1 }],
  ['long names', LONG_NAMES],
])('keeps the history of a conversion with 32 disks small: %s', async ([what, vm]) => {
  const stateFile = join(folder, `${what}.db`);
  await inAzure({ vms: [vm], stateFile }, async (run) => {
    await run.convert(run.vm(vm.name).id);

    expect(standing(run.vm(vm.name))).toMatchObject({ powerState: 'running', deallocations: 1 });
    expect(run.disksOf(vm.name)).toHaveLength(DISKS);
    expect(areOn(run.disksOf(vm.name), setIdOf(run.simulator))).toBe(true);
  });

  const conversion = readInstances(stateFile).find(({ name }) => name === 'convertVm');
  const events = conversion?.history ?? [];
  const written = events.filter((event) => String(event['Name']).endsWith('Record'));
  expect(written.map((event) => event['Name'])).toEqual(['beginRecord', 'endRecord']);
  expect(events.length).toBeLessThanOrEqual(150);
  expect(Buffer.byteLength(JSON.stringify(events))).toBeLessThanOrEqual(100_000);
});
