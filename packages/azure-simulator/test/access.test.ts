import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RoleAssignmentDescription } from '../src/estate/estate-description.ts';
import { createSimulator } from '../src/simulator.ts';
import { clientsOf, inVirtualTime, refusal } from './clients.ts';

/** What moving disks to another key takes, and nothing more. */
const CONVERTER = {
  name: 'Disk Converter',
  actions: [
    'Microsoft.Compute/disks/read',
    'Microsoft.Compute/disks/write',
    'Microsoft.Compute/diskEncryptionSets/read',
    'Microsoft.Compute/virtualMachines/read',
    'Microsoft.Compute/virtualMachines/instanceView/read',
    'Microsoft.Compute/virtualMachines/deallocate/action',
    'Microsoft.Compute/virtualMachines/start/action',
  ],
};

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function anEstate(...grants: Omit<RoleAssignmentDescription, 'principal'>[]) {
  const simulator = createSimulator();
  const { estate } = simulator;
  const setId = estate.addEncryptionSet({ name: 'des', group: 'rg-keys' });
  estate.addVm({ name: 'vm', group: 'rg', dataDisks: 1 });
  estate.addRole(CONVERTER);
  for (const grant of grants) estate.addRoleAssignment({ principal: 'caller', ...grant });
  const encryption = { type: 'EncryptionAtRestWithCustomerKey', diskEncryptionSetId: setId };
  return { simulator, estate, encryption, setId, ...clientsOf(simulator) };
}

const groupScope = (group: string) =>
  `/subscriptions/5d4f6a0e-3c1b-4f7e-9a52-0c7e8b1d2f30/resourceGroups/${group}`;

test('lets the caller do everything until something else is said', async () => {
  const { compute, encryption } = anEstate();

  await inVirtualTime(compute.virtualMachines.deallocate('rg', 'vm'));
  await inVirtualTime(compute.disks.update('rg', 'vm-data-1', { encryption }));
});

test('refuses a reader to write, and names the action and the scope', async () => {
  const { compute } = anEstate({ role: 'Reader' });

  const disk = await compute.disks.get('rg', 'vm-data-1');
  const write = compute.disks.update('rg', 'vm-data-1', { tags: { a: 'b' } });

  expect(disk.name).toBe('vm-data-1');
  await expect(write).rejects.toThrow(
    /does not have authorization to perform action 'Microsoft.Compute\/disks\/write' over scope '.*\/disks\/vm-data-1'/,
  );
  await expect(compute.virtualMachines.deallocate('rg', 'vm')).rejects.toThrow(
    /'Microsoft.Compute\/virtualMachines\/deallocate\/action' over scope '.*\/virtualMachines\/vm'/,
  );
});

test('finds only what the caller may read', async () => {
  const { graph } = anEstate({ role: 'Reader', scope: groupScope('rg-keys') });

  const { data } = await graph.resources({ query: 'Resources | project type' });

  expect(data).toEqual([{ type: 'microsoft.compute/diskencryptionsets' }]);
});

test('refuses what a role takes out again', async () => {
  const { resources } = anEstate({ role: 'Contributor' });
  const scope = groupScope('rg').slice(1);

  const tags = await resources.tagsOperations.getAtScope(scope);

  expect(tags.name).toBe('default');
  const { simulator } = anEstate({ role: 'Contributor' });
  const answered = await simulator.handle(
    new Request(
      `https://management.azure.com${groupScope('rg')}/providers/Microsoft.Authorization/locks/l?api-version=2016-09-01`,
      {
        method: 'PUT',
        headers: { authorization: 'Bearer static', 'content-type': 'application/json' },
        body: JSON.stringify({ properties: { level: 'ReadOnly' } }),
      },
    ),
  );
  expect(answered.status).toBe(403);
});

test('refuses to write a disk with a set that the caller may not read', async () => {
  const { compute, encryption } = anEstate({ role: 'Contributor', scope: groupScope('rg') });
  await inVirtualTime(compute.virtualMachines.deallocate('rg', 'vm'));

  const refused = compute.disks.update('rg', 'vm-data-1', { encryption });

  expect(await refusal(refused)).toEqual({ code: 'LinkedAuthorizationFailed', status: 403 });
  await expect(compute.disks.update('rg', 'vm-data-1', { encryption })).rejects.toThrow(
    /diskEncryptionSets\/read' on the linked scope\(s\) '.*\/des'/,
  );
});

test('converts with the rights that a conversion takes, and no other', async () => {
  const { compute, encryption, simulator } = anEstate({ role: CONVERTER.name });

  await inVirtualTime(compute.virtualMachines.deallocate('rg', 'vm'));
  await inVirtualTime(compute.disks.update('rg', 'vm-data-1', { encryption }));
  await inVirtualTime(compute.virtualMachines.start('rg', 'vm'));

  expect(simulator.powerState('vm')).toBe('running');
  expect(await refusal(compute.virtualMachines.powerOff('rg', 'vm'))).toEqual({
    code: 'AuthorizationFailed',
    status: 403,
  });
});

test("believes a grant to a set's identity some time after it was made", async () => {
  const { compute, estate, simulator } = anEstate();
  const vaultId = estate.addVault({ name: 'kv', group: 'rg-keys', keys: [{ name: 'k' }] });
  const keyUrl = estate.addKey('kv', { name: 'k' });
  const set = await inVirtualTime(
    compute.diskEncryptionSets.createOrUpdate('rg-keys', 'new', {
      location: 'westeurope',
      identity: { type: 'SystemAssigned' },
      activeKey: { keyUrl },
    }),
  );
  const encryption = {
    type: 'EncryptionAtRestWithCustomerKey',
    diskEncryptionSetId: set.id ?? '',
  };
  await inVirtualTime(compute.virtualMachines.deallocate('rg', 'vm'));
  const convert = () => inVirtualTime(compute.disks.update('rg', 'vm-data-1', { encryption }));
  expect((await refusal(convert())).code).toBe('KeyVaultAccessForbidden');
  const role = 'e147488a-f6f5-4113-8e2d-b22465e65bf6';

  await simulator.handle(
    new Request(
      `https://management.azure.com${vaultId}/providers/Microsoft.Authorization/roleAssignments/g?api-version=2022-04-01`,
      {
        method: 'PUT',
        headers: { authorization: 'Bearer static', 'content-type': 'application/json' },
        body: JSON.stringify({
          properties: {
            principalId: set.identity?.principalId,
            roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${role}`,
          },
        }),
      },
    ),
  );

  expect((await refusal(convert())).code).toBe('KeyVaultAccessForbidden');
  await vi.advanceTimersByTimeAsync(180_000);
  await convert();
});

test('closes a vault to callers and to sets alike', async () => {
  const { compute, estate, keys } = anEstate();
  estate.addVault({ name: 'kv', firewall: 'closed', keys: [{ name: 'k' }] });
  const diskEncryptionSetId = estate.addEncryptionSet({ name: 'shut', key: 'kv/k' });
  await inVirtualTime(compute.virtualMachines.deallocate('rg', 'vm'));
  const encryption = { type: 'EncryptionAtRestWithCustomerKey', diskEncryptionSetId };

  const convert = inVirtualTime(compute.disks.update('rg', 'vm-data-1', { encryption }));

  expect((await refusal(convert)).code).toBe('KeyVaultAccessForbidden');
  expect(await refusal(keys('kv').getKey('k'))).toEqual({ code: 'Forbidden', status: 403 });
});
