import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startProxy } from '@keyturn/azure-simulator/proxy';
import { createSimulator, type Simulator } from '@keyturn/azure-simulator/simulator';
import { PLATFORM_KEY } from '../../domain/azure/disk.ts';
import { parseOutcome } from '../../domain/conversion/instance-outcome.ts';
import type { PlannedTarget } from '../../domain/conversion/planned-scope.ts';
import { type AppClient, appClient } from '../app/app-client.ts';
import { EXIT } from '../exit-codes.ts';
import { pause } from '../pause.ts';
import { DemoScreen } from '../render/demo-screen.ts';
import { demoSummary } from '../render/demo-summary.ts';
import { type ServeChild, serveChild } from '../serving/serve-child.ts';
import { openStateFolder, type StateFolder } from '../serving/state-folder.ts';
import { createDiskOnKey } from '../simulating/create-disk-on-key.ts';
import { deliverTo } from '../simulating/deliver-to.ts';
import { readEstate } from '../simulating/read-estate.ts';
import { recorder } from '../simulating/recorder.ts';
import { saveEnvironment } from '../simulating/save-environment.ts';
import { say, type Terminal, tell } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { positive, sayWhatWasNotSimulated } from './simulate.ts';

const LOOK_EVERY_MS = 250;
/** Nothing may happen for so long before it counts as done. */
const QUIET_MS = 1_500;

export const DEMO_HELP = `npm start -- [--once] [--record FILE] [--estate FILE] [--policy FILE] [--speed 20]

Starts a simulated Azure with an example estate, and keyturn, which converts it before your eyes.
Nothing real is touched. Then it stays up and converts what is created; Ctrl-C ends it.

  --once         Ends when nothing is left to do, with one line of JSON.
                 "skipped" counts disks that were left alone, blocked ones too, by the codes of
                 docs/operations.md; customer-key-already: they had such a key before.
                 Exit code 0 only if nothing failed and no VM was left off.
  --record FILE  Writes every exchange with the simulated Azure as a line of JSON.
  --estate FILE  Another estate, as JSON, and its policy:
  --policy FILE  Default: examples/policy.yaml
  --speed N      How much faster than Azure.   Default: 20`;

/** A simulated Azure and keyturn in one command. */
export async function demo(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      once: { type: 'boolean', default: false },
      record: { type: 'string' },
      estate: { type: 'string' },
      policy: {
        type: 'string',
        default: join(import.meta.dirname, '../../../examples/policy.yaml'),
      },
      speed: { type: 'string', default: '20' },
    },
  });
  const speed = positive('--speed', values.speed);
  const estate = readEstate(values.estate);
  const recording = recorder(values.record);
  const simulator = createSimulator({
    estate,
    speed,
    ...(recording ? { record: recording.record } : {}),
  });
  const { disks, vms } = simulator.truth();
  say(
    terminal,
    `A simulated Azure with ${vms.length} VMs and ${disks.length} disks, at ${speed} times speed. Nothing real is touched.`,
  );
  const proxy = await startProxy(simulator);
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-demo-'));
  const state = openStateFolder(folder);
  try {
    const environment = { ...withoutAzure(terminal.environment), ...proxy.env };
    const app = await serveChild(folder, values.policy, environment);
    // For the Azure CLI and other clients in another terminal.
    saveEnvironment(join(folder, 'azure.env'), proxy.env);
    try {
      return await watch({ simulator, app, state, folder, speed, once: values.once }, terminal);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      say(terminal, `\nThe app does not answer any more: ${error.message}\n${app.lastWords()}`);
      return EXIT.failed;
    } finally {
      await app.stop();
    }
  } finally {
    await proxy.stop();
    simulator.close();
    await recording?.close();
    rmSync(folder, { recursive: true, force: true });
    sayWhatWasNotSimulated(simulator, terminal);
  }
}

/** A sign-in or a cloud that is set for the real Azure would keep the demo from its own. */
function withoutAzure(environment: Terminal['environment']): Terminal['environment'] {
  const isAzures = /^(AZURE|KEYTURN|IDENTITY|MSI)_|^(all|https?|no)_proxy$/i;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !isAzures.test(name)));
}

interface Demo {
  readonly simulator: Simulator;
  readonly app: ServeChild;
  readonly state: StateFolder;
  readonly folder: string;
  readonly speed: number;
  readonly once: boolean;
}

async function watch(
  { simulator, app, state, folder, speed, once }: Demo,
  terminal: Terminal,
): Promise<number> {
  const startedMs = Date.now();
  const before = simulator.truth();
  const { keys } = state;
  for (const name of ['onDiskWritten', 'onVmWritten']) {
    const query = new URLSearchParams({ functionName: name, code: keys.eventGrid });
    simulator.subscribe(deliverTo(new URL(`/runtime/webhooks/eventgrid?${query}`, app.url)));
  }
  const client = appClient(app.url, { key: keys.function });
  const keyboard = once ? null : createDiskOnKey(simulator, terminal);
  const footer = keyboard ? 'Press d to create a disk, Ctrl-C to end.' : 'Ctrl-C ends it.';
  const screen = new DemoScreen(terminal, { folder, speed, startedMs, footer });
  let quietSinceMs = Date.now();
  while (!terminal.interrupted.aborted) {
    const [views, busy] = await Promise.all([client.list(), isBusy(client, keys.durableTask)]);
    const truth = simulator.truth();
    screen.draw(views, before, truth);
    if (busy || truth.pendingEvents > 0) quietSinceMs = Date.now();
    if (once && Date.now() - quietSinceMs >= QUIET_MS) break;
    await pause(LOOK_EVERY_MS, terminal.interrupted);
  }
  screen.close();
  keyboard?.close();
  if (terminal.interrupted.aborted) return EXIT.clean;

  const seconds = (Date.now() - startedMs) / 1000;
  const views = await client.list();
  const plans = await planTheRest(client, simulator);
  const summary = demoSummary(before, simulator.truth(), views, plans, seconds);
  tell(terminal, JSON.stringify(summary));
  return summary.failed === 0 && summary.vmsLeftOff === 0 ? EXIT.clean : EXIT.failed;
}

/** Whether any instance runs, the sweep and the looks at events included. */
async function isBusy(client: AppClient, durableKey: string): Promise<boolean> {
  const path = '/runtime/webhooks/durabletask/instances?runtimeStatus=Running,Pending&top=1';
  const running = await client.read(path, durableKey);
  return !Array.isArray(running) || running.length > 0;
}

/** Asks keyturn why it left alone what is still on a platform-managed key. */
async function planTheRest(
  client: AppClient,
  simulator: Simulator,
): Promise<readonly PlannedTarget[]> {
  const left = simulator
    .truth()
    .disks.some(({ encryptionType }) => encryptionType === PLATFORM_KEY);
  if (!left) return [];
  const { id } = await client.post(`/subscriptions/${simulator.subscriptionId}`, true);
  for (;;) {
    const view = await client.get(id);
    if (view.status !== 'Running') {
      const outcome = parseOutcome(view.outcome);
      return outcome?.kind === 'planned' ? outcome.results : [];
    }
    await new Promise((resolve) => {
      setTimeout(resolve, LOOK_EVERY_MS);
    });
  }
}
