import { expect, test } from 'vitest';
import { exampleEstate } from '../src/example-estate.ts';
import { createSimulator } from '../src/simulator.ts';
import { clientsOf, refusal } from './clients.ts';

const simulator = createSimulator({ estate: exampleEstate(), speed: 1000 });
const { graph } = clientsOf(simulator);

async function names(query: string): Promise<readonly string[]> {
  const { data } = await graph.resources({ query });
  return data.map(({ name }: { name: string }) => name);
}

test('finds disks by type, without regard to case', async () => {
  const found = await names("Resources | where type =~ 'Microsoft.Compute/disks'");

  expect(found).toHaveLength(simulator.truth().disks.length);
});

test.for<[condition: string, expected: readonly string[]]>([
  ["name == 'vm-erp-01'", ['vm-erp-01']],
  ["name in ('vm-web-01', 'vm-web-02')", ['vm-web-01', 'vm-web-02']],
  ["name in~ ('VM-WEB-01')", ['vm-web-01']],
  ["name contains 'web-0' and not(name endswith '3')", ['vm-web-01', 'vm-web-02']],
  ["tostring(properties.securityProfile.encryptionAtHost) =~ 'true'", ['vm-payroll-01']],
  ['isnotempty(properties.availabilitySet.id)', ['vm-ha-01', 'vm-ha-02']],
  ["(name has 'erp' or name has 'jump') and resourceGroup != 'rg-erp'", ['vm-jump-01']],
  ["tags['role'] == 'frontend' and zones[0] == '3'", ['vm-web-03']],
])('where %s', async ([condition, expected]) => {
  const query = `Resources | where type == 'microsoft.compute/virtualmachines' | where ${condition} | order by name asc`;

  expect(await names(query)).toEqual(expected);
});

test('projects, orders and limits', async () => {
  const { data } = await graph.resources({
    query: `resources
      | where type == 'microsoft.compute/disks' // only these
      | extend set = tolower(tostring(properties.encryption.diskEncryptionSetId))
      | where set endswith '/des-westeurope'
      | project id, name, properties.encryption.type, set
      | sort by name asc | take 1`,
  });

  expect(data).toEqual([
    {
      id: expect.any(String),
      name: expect.stringContaining('vm-crm-01'),
      properties_encryption_type: 'EncryptionAtRestWithCustomerKey',
      set: expect.stringContaining('/des-westeurope'),
    },
  ]);
});

test('pages with a skip token', async () => {
  const query = "Resources | where type == 'microsoft.compute/disks' | project id";
  const ids: string[] = [];
  let skipToken: string | undefined;
  do {
    const page = await graph.resources({
      query,
      options: { top: 30, ...(skipToken ? { skipToken } : {}) },
    });
    ids.push(...page.data.map(({ id }: { id: string }) => id));
    skipToken = page.skipToken;
  } while (skipToken);

  expect(new Set(ids).size).toBe(simulator.truth().disks.length);
});

test('a list becomes a row for each of its items', async () => {
  const found = await names(
    `Resources | where type =~ 'microsoft.network/networkInterfaces' and name == 'vm-web-01-nic'
      | mv-expand configuration = properties.ipConfigurations
      | project name = configuration.name`,
  );

  expect(found).toEqual(['ipconfig1']);
});

test.for([
  'microsoft.compute/availabilitysets',
  'microsoft.compute/virtualmachinescalesets',
  'microsoft.network/networkinterfaces',
  'microsoft.network/publicipaddresses',
  'microsoft.devtestlab/schedules',
  'microsoft.recoveryservices/vaults',
])('finds what is around machines: %s', async (type) => {
  const around = createSimulator();
  around.estate.addVm({
    name: 'vm-1',
    availabilitySet: 'avail',
    scaleSet: 'vmss',
    publicIp: 'static',
    autoShutdown: '1900',
  });
  around.estate.addRecoveryVault({ name: 'rsv' });
  const query = `Resources | where type == '${type}'`;

  const { data } = await clientsOf(around).graph.resources({ query });

  expect(data).toMatchObject([{ properties: expect.any(Object) }]);
});

test('finds the backup jobs of all vaults in one query', async () => {
  const backedUp = createSimulator();
  for (const name of ['vm-1', 'vm-2', 'vm-3']) backedUp.estate.addVm({ name });
  backedUp.estate.addRecoveryVault({ name: 'rsv-1', jobs: [{ vm: 'vm-1' }] });
  backedUp.estate.addRecoveryVault({
    name: 'rsv-2',
    jobs: [{ vm: 'vm-2' }, { vm: 'vm-3', status: 'Completed' }],
  });

  const { data } = await clientsOf(backedUp).graph.resources({
    query: `RecoveryServicesResources
      | where type == 'microsoft.recoveryservices/vaults/backupjobs'
      | where properties.status =~ 'InProgress'
      | project id, vm = tostring(properties.containerName) | order by vm asc`,
  });

  expect(data.map(({ vm }: { vm: string }) => vm)).toEqual([
    'iaasvmcontainerv2;rg-test;vm-1',
    'iaasvmcontainerv2;rg-test;vm-2',
  ]);
});

test.for([
  ['Resources | summarize count() by type'],
  ['Nothing | take 1'],
  ['Resources | where name = 1'],
])('refuses %s', async ([query = '']) => {
  expect(await refusal(graph.resources({ query }))).toMatchObject({ status: 400 });
});

test('answers for the subscriptions that were asked about', async () => {
  const query = 'Resources | take 5';

  const { count } = await graph.resources({ query, subscriptions: ['another'] });

  expect(count).toBe(0);
});

test('the sixteenth query in five seconds is throttled', async () => {
  const client = clientsOf(createSimulator()).graph;
  const query = 'Resources | take 1';
  for (let n = 0; n < 15; n += 1) await client.resources({ query });

  expect(await refusal(client.resources({ query }))).toEqual({ code: 'RateLimiting', status: 429 });
});
