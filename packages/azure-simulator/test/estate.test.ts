import { expect, test } from 'vitest';
import { exampleEstate, parseEstate } from '../src/example-estate.ts';
import { createSimulator } from '../src/simulator.ts';
import { all, clientsOf } from './clients.ts';

test('the example is an estate, as JSON too', () => {
  const json: unknown = JSON.parse(JSON.stringify(exampleEstate()));

  expect(parseEstate(json)).toEqual(exampleEstate());
});

test('the example has every state of a disk that is worth a test', async () => {
  const { compute } = clientsOf(createSimulator({ estate: exampleEstate() }));
  const disks = await all(compute.disks.list());
  const machines = await all(compute.virtualMachines.listAll());

  expect(machines.length).toBeGreaterThanOrEqual(24);
  expect(disks.length).toBeGreaterThanOrEqual(60);
  expect(new Set(disks.map(({ diskState }) => diskState))).toEqual(
    new Set(['Attached', 'Reserved', 'Unattached', 'Frozen', 'ActiveSAS', 'ReadyToUpload']),
  );
});

test('all mistakes are named at once, with where they are', () => {
  const parsed = parseEstate({
    subscriptionId: 's',
    colour: 'blue',
    virtualMachines: [{ name: 'vm-1', power: 'asleep', dataDisks: [{ sizeGB: 'big' }] }],
    disks: [{}],
  });

  expect(parsed).toEqual({
    errors: [
      '$.virtualMachines[0].power: expected one of running, stopped, deallocated, hibernated',
      '$.virtualMachines[0].dataDisks[0].sizeGB: expected a number',
      '$.disks[0].name: is missing',
      '$.colour: is not known',
    ],
  });
});

test('names that point nowhere are mistakes', () => {
  const parsed = parseEstate({
    subscriptionId: 's',
    virtualMachines: [{ name: 'vm-1', osDisk: { encryptionSet: 'des-x' } }, { name: 'vm-1' }],
    disks: [{ name: 'd', attachedTo: ['vm-9'] }],
    snapshots: [{ name: 's', disk: 'nothing' }],
  });

  expect(parsed).toEqual({
    errors: [
      '$.virtualMachines[1].name: vm-1 is there twice',
      '$.virtualMachines[0].osDisk.encryptionSet: no encryption set is called des-x',
      '$.disks[0].attachedTo[0]: no virtual machine is called vm-9',
      '$.snapshots[0].disk: no disk is called nothing',
    ],
  });
});
