import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { startProxy } from '@keyturn/azure-simulator/proxy';
import { createSimulator } from '@keyturn/azure-simulator/simulator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pause } from '../../src/cli/pause.ts';
import { type ServeChild, serveChild } from '../../src/cli/serving/serve-child.ts';
import { readKeys } from '../../src/cli/serving/state-folder.ts';
import type { ApprovalView } from '../../src/functions/http/approval-view.ts';
import { runKeyturn } from '../support/run-command.ts';
import { CLIENT_ID } from '../support/simulated-app.ts';

const OWNER = `local:${userInfo().username}`;
const folder = mkdtempSync(join(tmpdir(), 'keyturn-approval-'));
const simulator = createSimulator({ speed: 50 });
const { subscriptionId, tenantId } = simulator;
const token = simulator.personToken({
  name: 'anna@contoso.example',
  audience: CLIENT_ID,
  roles: ['keyturn.approve'],
});
let proxy: Awaited<ReturnType<typeof startProxy>>;
let app: ServeChild;

beforeAll(async () => {
  simulator.estate.addVault({ name: 'kv' });
  simulator.estate.addKey('kv', { name: 'disks' });
  simulator.estate.addEncryptionSet({ name: 'des', group: 'rg-keys', key: 'kv/disks' });
  simulator.estate.addVm({ name: 'vm-1' });
  const set = `/subscriptions/${subscriptionId}/resourceGroups/rg-keys/providers/Microsoft.Compute/diskEncryptionSets/des`;
  const policy = {
    ...{ mode: 'enforce', mayDeallocate: true, settleMinutes: 0, when: 'on-approval' },
    scope: [{ subscription: subscriptionId }],
    encryptionSets: { westeurope: set },
  };
  const policyFile = join(folder, 'policy.yaml');
  writeFileSync(policyFile, JSON.stringify(policy));
  proxy = await startProxy(simulator);
  app = await serveChild(folder, policyFile, {
    ...process.env,
    ...proxy.env,
    KEYTURN_TENANT_ID: tenantId,
    KEYTURN_API_CLIENT_ID: CLIENT_ID,
    // What somebody else may have set must not make the app believe headers.
    WEBSITE_AUTH_ENABLED: 'True',
  });
}, 60_000);

afterAll(async () => {
  await app?.stop();
  await proxy?.stop();
  simulator.close();
  rmSync(folder, { recursive: true });
});

function keyturn(...args: readonly string[]) {
  return runKeyturn([...args, '--url', app.url], { TOKEN: token });
}

const asOwner = ['--state', folder];
const asAnna = (): readonly string[] => [
  ...['--key', readKeys(folder)?.function ?? '', '--token-from-env', 'TOKEN'],
];

test('the owner of the machine asks, and somebody with a token approves', async () => {
  // The first sweep asks too, and a conversion joins one that is under way.
  await until(async () => (await pending()).length === 1);
  const vm = ['-s', subscriptionId, '-g', 'rg-test', '--vm', 'vm-1'];
  expect(await keyturn('convert', ...vm, ...asOwner)).toMatchObject({ exitCode: 0 });
  const [{ id, requestedBy } = { id: '', requestedBy: '' }] = await pending();
  expect(requestedBy).toBe(OWNER);

  const self = await keyturn('approve', id, ...asOwner);
  expect(self).toMatchObject({ exitCode: 1, err: expect.stringMatching(/^ApproverIsRequester: /) });
  expect(simulator.powerState('vm-1')).toBe('running');
  const approved = await keyturn('approve', id, ...asAnna());
  expect(approved.err).toMatch(/^Approved, by anna@contoso.example: /);

  await until(isConverted);
});

test('the owner stops and resumes', async () => {
  const stopped = await keyturn('stop', '--reason', 'freeze', '-o', 'json', ...asOwner);
  expect(JSON.parse(stopped.out)).toMatchObject([{ by: OWNER, reason: 'freeze' }]);

  expect((await keyturn('resume', ...asOwner)).err).toBe('Nothing is stopped any more.\n');
});

test('a header that only App Service may write says nothing here', async () => {
  const json = { auth_typ: 'aad', claims: [{ typ: 'roles', val: 'keyturn.approve' }] };
  const answered = await fetch(`${app.url}/api/stop?scope=everything`, {
    method: 'DELETE',
    headers: {
      'x-functions-key': readKeys(folder)?.function ?? '',
      'x-ms-client-principal': Buffer.from(JSON.stringify(json)).toString('base64'),
    },
  });

  expect([answered.status, JSON.parse(await answered.text()).error.code]).toEqual([
    401,
    'PersonRequired',
  ]);
});

async function pending(): Promise<readonly ApprovalView[]> {
  return JSON.parse((await keyturn('approvals', '-o', 'json', ...asOwner)).out);
}

/** Its disk is on the set, and it runs again. */
async function isConverted(): Promise<boolean> {
  const { disks } = simulator.truth();
  const isOn = disks.every(({ diskEncryptionSetId }) => diskEncryptionSetId !== null);
  return isOn && simulator.powerState('vm-1') === 'running';
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const { signal } = new AbortController();
  const deadlineMs = Date.now() + 20_000;
  while (!(await holds())) {
    if (Date.now() > deadlineMs) throw new Error('It did not happen.');
    await pause(200, signal);
  }
}
