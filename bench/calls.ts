import { createSimulator, type Simulator } from '@keyturn/azure-simulator/simulator';
import { type VirtualTime, withVirtualTime } from '@keyturn/functions-host/virtual-time';
import { enforcingPolicy, startSimulatedApp } from '../test/support/simulated-app.ts';
import { addUsualSet, addUsualVm } from './estates.ts';
import { plainScript } from './plain-script.ts';

const START = '2026-03-01T08:00:00Z';
const CASES = [
  { vms: 1, disks: 1 },
  { vms: 1, disks: 4 },
  { vms: 1, disks: 16 },
  { vms: 20, disks: 4 },
] as const;

type Case = (typeof CASES)[number];
type Calls = Readonly<Record<string, number>>;

/** Calls to Azure per converted VM, by kind: of keyturn, asked to convert them all, and of a script. */
export async function calls() {
  const cases = [];
  for (const each of CASES) {
    const keyturn = await count(each, ofKeyturn);
    const script = await count(each, ofScript);
    cases.push({ ...each, keyturn: perVm(keyturn, each), script: perVm(script, each) });
  }
  return { benchmark: 'calls', cases };
}

type Converter = (simulator: Simulator, time: VirtualTime) => Promise<void>;

/** What `convert` asks of an Azure that was made for the case. */
function count({ vms, disks }: Case, convert: Converter): Promise<Calls> {
  return withVirtualTime(START, async (time) => {
    const counted = new Map<string, number>();
    const simulator = createSimulator({
      seed: 1,
      record: ({ method, url }) => {
        const kind = kindOf(method, new URL(url));
        counted.set(kind, (counted.get(kind) ?? 0) + 1);
      },
    });
    addUsualSet(simulator);
    for (let vm = 1; vm <= vms; vm += 1) addUsualVm(simulator, `vm-${vm}`, disks);
    await convert(simulator, time);
    const isDone = simulator.truth().disks.every((disk) => disk.diskEncryptionSetId !== null);
    if (!isDone) throw new Error('Not everything was converted.');
    simulator.close();
    return Object.fromEntries([...counted].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}

async function ofKeyturn(simulator: Simulator, time: VirtualTime): Promise<void> {
  const app = await startSimulatedApp({ simulator });
  const target = `/subscriptions/${simulator.subscriptionId}`;
  const asked = await app.ask('POST', '/api/conversions', { target });
  if (asked.status !== 202) throw new Error(JSON.stringify(asked.body));
  await time.runUntil(async () => {
    const views = await app.conversions();
    return views.length > 1 && views.every(({ status }) => status !== 'Running');
  });
  await app.host.stop();
}

async function ofScript(simulator: Simulator, time: VirtualTime): Promise<void> {
  const { vms, disks } = simulator.truth();
  const diskEncryptionSetId = enforcingPolicy(simulator).encryptionSets[0]?.set;
  const encryption = { type: 'EncryptionAtRestWithCustomerKey', diskEncryptionSetId };
  let left = vms.length;
  const work = vms.map(async ({ id }) => {
    const own = disks.filter(({ managedBy }) => managedBy === id);
    await plainScript(
      simulator,
      id,
      own.map((disk) => disk.id),
      encryption,
    );
    left -= 1;
  });
  await time.runUntil(() => left === 0);
  await Promise.all(work);
}

/** e.g. `GET disks`, `POST virtualMachines/deallocate`, `GET keys`. */
function kindOf(method: string, { pathname }: URL): string {
  const at = pathname.toLowerCase().lastIndexOf('/providers/');
  if (at < 0) return `${method} ${pathname.split('/')[pathname.startsWith('/keys') ? 1 : 3]}`;
  const types = pathname
    .slice(at + '/providers/'.length)
    .split('/')
    .filter((_, place) => place % 2 === 1);
  // Operations of Compute lie below a location: what counts is that it is polled.
  return `${method} ${types[0] === 'locations' ? 'operations' : types.join('/')}`;
}

function perVm(all: Calls, { vms }: Case) {
  const total = Object.values(all).reduce((sum, one) => sum + one, 0);
  const each = Object.entries(all).map(([kind, calls]) => [kind, rounded(calls / vms)]);
  return { total: rounded(total / vms), ...Object.fromEntries(each) };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
