import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Exchange } from '@keyturn/azure-simulator/gateway';
import { startProxy } from '@keyturn/azure-simulator/proxy';
import { createSimulator, type Simulator } from '@keyturn/azure-simulator/simulator';
import { readInstances } from '@keyturn/functions-host/read-instances';
import { afterAll, beforeAll, test } from 'vitest';
import { appClient } from '../../src/cli/app/app-client.ts';
import { durableSettings } from '../../src/cli/serving/durable-settings.ts';
import { openStateFolder, readKeys } from '../../src/cli/serving/state-folder.ts';
import { type Started, startKeyturn } from '../support/run-command.ts';

/**
 * The moments at which the app is killed: when the simulated Azure, which lives on in this process,
 * has taken the n-th request of a kind about the VM or its disks.
 */
const MOMENTS: readonly (readonly [moment: string, method: string, path: RegExp, nth: number])[] = [
  ['while it judges', 'GET', /\/virtualMachines\/[^/]+$/, 1],
  ['while it reads the disks', 'GET', /\/disks\/[^/]+$/, 2],
  ['when the VM is marked', 'PATCH', /\/tags\/default$/, 1],
  ['when the deallocation is asked for', 'POST', /\/deallocate$/, 1],
  ['when it looks at the deallocation', 'GET', /\/virtualMachines\/[^/]+$/, 2],
  ['when it looks at the deallocation again', 'GET', /\/virtualMachines\/[^/]+$/, 3],
  ['when the first disk is changed', 'PATCH', /\/disks\/[^/]+$/, 1],
  ['when the second disk is changed', 'PATCH', /\/disks\/[^/]+$/, 2],
  ['while it reads the disks back', 'GET', /\/disks\/[^/]+$/, 6],
  ['when the start is asked for', 'POST', /\/start$/, 1],
  ['when the mark is taken away', 'PATCH', /\/tags\/default$/, 2],
];

const folder = mkdtempSync(join(tmpdir(), 'keyturn-kill-'));
const policy = join(folder, 'policy.yaml');
const state = join(folder, 'state');
let look: (exchange: Exchange) => void = () => {};
let simulator: Simulator;
let proxy: Awaited<ReturnType<typeof startProxy>>;
let app: Started;

beforeAll(async () => {
  simulator = createSimulator({ speed: 20, record: (exchange) => look(exchange) });
  const { estate, subscriptionId } = simulator;
  const setId = estate.addEncryptionSet({ name: 'des', group: 'rg-keys', location: 'westeurope' });
  writeFileSync(
    policy,
    JSON.stringify({
      mode: 'enforce',
      mayDeallocate: true,
      settleMinutes: 0,
      scope: [{ subscription: subscriptionId }],
      encryptionSets: { westeurope: setId },
    }),
  );
  proxy = await startProxy(simulator);
  app = await serve();
}, 60_000);

afterAll(async () => {
  app.child.kill('SIGTERM');
  await app.finished;
  await proxy.stop();
  simulator.close();
  rmSync(folder, { recursive: true });
});

test.for(MOMENTS)(
  'a kill -9 %s costs neither a disk nor a power state',
  async (row, { expect }) => {
    const [moment, method, path, nth] = row;
    const name = `vm-${MOMENTS.indexOf(row)}`;
    const vm = { name, group: 'rg-app', location: 'westeurope', dataDisks: 1, ageDays: 30 };
    const vmId = simulator.estate.addVm(vm);
    const taken = whenTaken(name, method, path, nth);

    await client().post(vmId, false);
    await taken;
    app.child.kill('SIGKILL');
    await app.finished;
    app = await serve();
    await until(() => isConverted(vmId), moment);

    const truth = simulator.truth().vms.find(({ id }) => id === vmId);
    expect(truth).toMatchObject({ powerState: 'running', deallocations: 1 });
    const ofVm = simulator.truth().disks.filter(({ managedBy }) => managedBy === vmId);
    expect(ofVm.map(({ encryptionType }) => encryptionType)).toEqual(
      Array(2).fill('EncryptionAtRestWithCustomerKey'),
    );
  },
);

test('every instance carries the release that started it', async ({ expect }) => {
  app.child.kill('SIGTERM');
  await app.finished;

  // What was started last may not have begun.
  const versions = readInstances(openStateFolder(state).stateFile)
    .filter(({ status }) => status !== 'Pending')
    .map(({ history }) => history.map((event) => event['Version']).find((version) => version));
  expect(new Set(versions)).toEqual(new Set([durableSettings().defaultVersion]));
});

function serve(): Promise<Started> {
  const args = ['serve', '--policy', policy, '--port', '0', '--state', state];
  return startKeyturn(args, proxy.env);
}

function client() {
  const { url } = app.firstLine as { url: string };
  return appClient(url, { key: readKeys(state)?.master ?? '' });
}

function whenTaken(name: string, method: string, path: RegExp, nth: number): Promise<void> {
  let count = 0;
  return new Promise((resolve) => {
    look = (exchange) => {
      const { pathname } = new URL(exchange.url);
      const ofVm = new RegExp(`/${name}(?=[/_-]|$)`, 'i').test(pathname);
      if (!ofVm || exchange.method !== method || !path.test(pathname)) return;
      count += 1;
      if (count === nth) resolve();
    };
  });
}

function isConverted(vmId: string): boolean {
  const { vms, disks } = simulator.truth();
  const vm = vms.find(({ id }) => id === vmId);
  const done = disks
    .filter(({ managedBy }) => managedBy === vmId)
    .every(({ encryptionType }) => encryptionType === 'EncryptionAtRestWithCustomerKey');
  return done && vm?.powerState === 'running' && vm.tags['keyturn:off-by'] === undefined;
}

async function until(holds: () => boolean, moment: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!holds()) {
    if (Date.now() > deadline) {
      throw new Error(`${moment}: it did not end. ${JSON.stringify(simulator.truth().vms.at(-1))}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
