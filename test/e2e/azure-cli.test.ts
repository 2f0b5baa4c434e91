import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exampleEstate } from '@keyturn/azure-simulator/example-estate';
import type { Exchange } from '@keyturn/azure-simulator/gateway';
import { type Proxy as AzureProxy, startProxy } from '@keyturn/azure-simulator/proxy';
import { createSimulator } from '@keyturn/azure-simulator/simulator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unexplained } from '../../packages/azure-simulator/test/explained.ts';
import { judge, NO_JUDGE } from '../../packages/azure-simulator/test/judge.ts';
import { refusals } from './az-refusals.ts';
import { AZ, runAz } from './run-az.ts';

const AZURE = 'https://management.azure.com/';
/** Repairs the SDK that Debian's CLI comes with. */
const PYTHONPATH = join(import.meta.dirname, 'azure-cli');
/** A profile of older api-versions, which is part of the CLI. */
const HYBRID = '2020-09-01-hybrid';

// So fast that every operation has ended at the first look: without a `Retry-After` the CLI waits
// 30 s for its second.
const exchanges: Exchange[] = [];
const simulator = createSimulator({
  estate: exampleEstate(),
  speed: 10_000,
  record: (exchange) => exchanges.push(exchange),
});
const group = (name: string) => `/subscriptions/${simulator.subscriptionId}/resourceGroups/${name}`;
const setId = `${group('rg-keys')}/providers/Microsoft.Compute/diskEncryptionSets/des-northeurope`;
const folder = mkdtempSync(join(tmpdir(), 'azure-cli-'));
let proxy: AzureProxy;
/** The profile in which this installation knows virtual machines. */
let vmProfile: string | null = null;

const run = (line: string, profile: string | null = null, env: Record<string, string> = {}) =>
  runAz(line, join(folder, profile ?? 'latest'), { ...proxy.env, ...env });

/** What a command prints, parsed. */
async function az(line: string, profile: string | null = null, env: Record<string, string> = {}) {
  const { exitCode, out, err } = await run(line, profile, env);
  expect(exitCode, `az ${line}\n${err}`).toBe(0);
  return out.trim() === '' ? null : JSON.parse(out);
}

const diskCount = simulator.truth().disks.length;
const vm = (line: string) => az(`vm ${line}`, vmProfile);

describe.skipIf(!AZ)('the genuine Azure CLI (skipped where az is not installed)', () => {
  beforeAll(async () => {
    proxy = await startProxy(simulator);
    await az('login --identity');
    cpSync(join(folder, 'latest'), join(folder, HYBRID), { recursive: true });
    await az(`cloud set -n AzureCloud --profile ${HYBRID}`, HYBRID);
    // Debian ships the CLI with an SDK that lacks the version at which it asks for machines.
    const { err } = await run('vm list');
    if (err.includes("does not have operation group 'virtual_machines'")) vmProfile = HYBRID;
  }, 240_000);

  afterAll(async () => {
    await proxy.stop();
    simulator.close();
    rmSync(folder, { recursive: true });
  });

  test('signs in as the managed identity, and reads the subscription', async () => {
    const [account, groups, regions, subscriptions] = await Promise.all([
      az('account show'),
      az('group list'),
      az('account list-locations'),
      az('rest --url /subscriptions?api-version=2022-12-01'),
    ]);

    expect(account).toMatchObject({ id: simulator.subscriptionId, state: 'Enabled' });
    expect(groups.map(({ name }: { name: string }) => name)).toContain('rg-erp');
    expect(regions.map(({ name }: { name: string }) => name)).toContain('westeurope');
    expect(subscriptions.value[0].tenantId).toBe(simulator.tenantId);
  });

  test.concurrent('lists, shows, makes, changes, exports and deletes disks', async () => {
    const [all, some, one] = await Promise.all([
      az('disk list'),
      az('disk list -g rg-erp'),
      az('disk show -g RG-DATA -n disk-archive-01'),
    ]);
    expect(all).toHaveLength(diskCount);
    expect(all[0].id).toContain(`/resourceGroups/${all[0].resourceGroup.toUpperCase()}/`);
    expect(some[0].id).toContain('/resourceGroups/rg-erp/');
    expect(one).toMatchObject({ diskState: 'Unattached', resourceGroup: 'RG-DATA' });

    const made = await az('disk create -g rg-data -n cli-disk --size-gb 8 --sku Premium_LRS');
    expect(made).toMatchObject({ diskSizeGb: 8, provisioningState: 'Succeeded', tags: {} });
    const update = '--encryption-type EncryptionAtRestWithCustomerKey --disk-encryption-set';
    const changed = await az(`disk update -g rg-data -n cli-disk --size-gb 16 ${update} ${setId}`);
    expect(changed).toMatchObject({
      diskSizeGb: 16,
      encryption: {
        type: 'EncryptionAtRestWithCustomerKey',
        diskEncryptionSetId: setId.replace('rg-keys', 'RG-KEYS'),
      },
    });
    const { accessSas } = await az('disk grant-access -g rg-data -n cli-disk --duration 60');
    expect(accessSas).toMatch(/^https:\/\/md-.*\.blob\.storage\.azure\.net\/.*sig=/);
    const exported = await az('disk show -g rg-data -n cli-disk');
    expect(exported.diskState).toBe('ActiveSAS');
    await az('disk revoke-access -g rg-data -n cli-disk');
    await az('disk delete -g rg-data -n cli-disk --yes');
    expect((await run('disk show -g rg-data -n cli-disk')).exitCode).toBe(3);
  }, 240_000);

  test.concurrent('makes and lists snapshots', async () => {
    const [full, incremental] = await Promise.all([
      az('snapshot create -g rg-data -n cli-full --source disk-archive-02'),
      az(
        'snapshot create -g rg-ops -n cli-inc --source vm-fileserver-01-data-1 --incremental true',
      ),
    ]);
    const snapshots = await az('snapshot list -g rg-data');

    expect(full).toMatchObject({ incremental: false, completionPercent: null });
    expect(incremental).toMatchObject({ incremental: true, provisioningState: 'Succeeded' });
    expect(snapshots.map(({ name }: { name: string }) => name)).toContain('cli-full');
  }, 240_000);

  test.concurrent('lists and shows virtual machines, with addresses and power', async () => {
    const [all, details, one, view] = await Promise.all([
      vm('list'),
      vm('list -g rg-erp --show-details'),
      vm('show -g rg-web -n vm-web-01 -d'),
      vm('get-instance-view -g rg-web -n vm-web-01'),
    ]);

    expect(all).toHaveLength(simulator.truth().vms.length);
    expect(details.every(({ powerState }: { powerState: string }) => powerState)).toBe(true);
    expect(one).toMatchObject({ powerState: 'VM running', provisioningState: 'Succeeded' });
    expect(one.privateIps).toMatch(/^10\.0\./);
    expect(view.instanceView.statuses.at(-1).code).toBe('PowerState/running');
  }, 240_000);

  test.concurrent('deallocates, starts, stops and restarts a virtual machine', async () => {
    const it = '-g rg-erp -n vm-erp-app-01';
    const power = () => simulator.powerState('vm-erp-app-01');

    await vm(`deallocate ${it}`);
    expect(power()).toBe('deallocated');
    await vm(`start ${it}`);
    expect(power()).toBe('running');
    await vm(`restart ${it}`);
    expect(power()).toBe('running');
    await vm(`stop ${it}`);
    expect(power()).toBe('stopped');
  }, 240_000);

  test.concurrent('makes, changes, lists and deletes disk encryption sets', async () => {
    const [sets, one, used] = await Promise.all([
      az('disk-encryption-set list'),
      az('disk-encryption-set show -g rg-keys -n des-northeurope'),
      az('disk-encryption-set list-associated-resources -g rg-keys -n des-legacy-weu'),
    ]);
    expect(sets).toHaveLength(5);
    expect(used[0]).toMatch(
      /\/resourceGroups\/[A-Z-]+\/providers\/Microsoft.Compute\/disks\/[^a-z]+$/,
    );
    const key = `--key-url ${one.activeKey.keyUrl} --source-vault kv-keyturn-neu`;
    const made = await az(`disk-encryption-set create -g rg-keys -n cli-set -l northeurope ${key}`);
    expect(made).toMatchObject({ name: 'cli-set', identity: { type: 'SystemAssigned' } });
    const on = '--enable-auto-key-rotation true';
    const changed = await az(`disk-encryption-set update -g rg-keys -n cli-set ${on}`);
    expect(changed.rotationToLatestKeyVersionEnabled).toBe(true);
    await az('disk-encryption-set delete -g rg-keys -n cli-set');
  }, 240_000);

  test.concurrent('makes and deletes groups; reads and writes tags and locks', async () => {
    const made = await az('group create -n cli-group -l westeurope --tags owner=cli');
    expect(made).toMatchObject({ tags: { owner: 'cli' } });
    const id = `--resource-id ${group('cli-group')}`;
    const [exists, names] = await Promise.all([az('group exists -n cli-group'), az('tag list')]);
    expect(exists).toBe(true);
    expect(names.map(({ tagName }: { tagName: string }) => tagName)).toContain('owner');
    const tags = await az(`tag update ${id} --operation merge --tags cost=1`);
    expect(tags.properties.tags).toEqual({ owner: 'cli', cost: '1' });
    await az(`tag create ${id} --tags cost=2`);
    expect((await az(`tag list ${id}`)).properties.tags).toEqual({ cost: '2' });
    await az('lock create -n cli-lock -g cli-group --lock-type CanNotDelete');
    expect(await az('lock list -g cli-group')).toMatchObject([{ level: 'CanNotDelete' }]);
    const refused = await run('group delete -n cli-group --yes');
    expect(refused.err).toContain('(ScopeLocked)');
    await az('lock delete -n cli-lock -g cli-group');
    await az('group delete -n cli-group --yes');
    expect(await az('group exists -n cli-group')).toBe(false);
  }, 240_000);

  test.concurrent('assigns and lists roles, and says to whom', async () => {
    const scope = `${group('rg-keys')}/providers/Microsoft.KeyVault/vaults/kv-keyturn-weu`;
    const principalId = '11111111-1111-4111-8111-111111111111';
    const roleDefinitionName = 'Key Vault Crypto Service Encryption User';
    const role = `role assignment create --role ${roleDefinitionName.replaceAll(' ', '~')}`;
    const before = await run(`role assignment list --scope ${scope}`);
    // Debian's SDK is younger than its CLI.
    const repaired = before.err.includes("has no attribute 'config'")
      ? { PYTHONPATH, PYTHONDONTWRITEBYTECODE: '1' }
      : {};
    const roles = (line: string) => az(line, null, repaired);

    const made = await roles(`${role} --scope ${scope} --assignee ${principalId}`);
    const listed = await roles(`role assignment list --scope ${scope}`);

    expect(made).toMatchObject({ principalId, scope, principalType: 'ServicePrincipal' });
    const assigned = { principalId, principalName: principalId, roleDefinitionName };
    expect(listed).toContainEqual(expect.objectContaining(assigned));
  }, 240_000);

  test.concurrent("prints Azure's own errors", async () => {
    const errors = refusals(group);
    const ended = await Promise.all(errors.map(([line]) => run(line)));
    for (const [index, [line, exitCode, text]] of errors.entries()) {
      expect(ended[index]?.err, line).toContain(`ERROR: ${text}`);
      expect(ended[index]?.exitCode, line).toBe(exitCode);
    }
  }, 240_000);

  test('lists resources of all types, by group and by type', async () => {
    const [all, inGroup, disks, shown] = await Promise.all([
      az('resource list'),
      az('resource list -g rg-erp'),
      az('resource list --resource-type Microsoft.Compute/disks'),
      az('resource show -g rg-data -n disk-archive-01 --resource-type Microsoft.Compute/disks'),
    ]);

    expect(disks).toHaveLength(diskCount);
    expect(all.length).toBeGreaterThan(disks.length);
    expect(new Set(inGroup.map((it: { resourceGroup: string }) => it.resourceGroup))).toEqual(
      new Set(['rg-erp']),
    );
    expect(shown.properties.diskState).toBe('Unattached');
  });

  test('asks nothing that is not simulated', () => {
    // After an error the CLI asks elsewhere whether there is a newer one.
    const { notSimulated } = simulator.truth();
    expect(notSimulated.filter((call) => call.includes('azure.com/subscriptions'))).toEqual([]);
  });

  test("is answered as Microsoft's documents say (skipped without them)", async ({ skip }) => {
    skip(NO_JUDGE !== null, NO_JUDGE ?? '');
    const asked = exchanges.filter(({ url }) => url.startsWith(AZURE));
    const { verdicts, pairs } = await judge(asked, '--near');

    expect(pairs).toBe(asked.length);
    expect(unexplained(verdicts)).toEqual([]);
  }, 240_000);
});
