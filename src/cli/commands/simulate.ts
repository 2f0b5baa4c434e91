import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { orderFault } from '@keyturn/azure-simulator/fault-request';
import { startProxy } from '@keyturn/azure-simulator/proxy';
import { createSimulator, type Simulator } from '@keyturn/azure-simulator/simulator';
import { isHttp } from '../app/app-options.ts';
import { EXIT } from '../exit-codes.ts';
import { untilAborted } from '../pause.ts';
import { readEstate } from '../simulating/read-estate.ts';
import { readFaults } from '../simulating/read-faults.ts';
import { recorder } from '../simulating/recorder.ts';
import { saveEnvironment } from '../simulating/save-environment.ts';
import { subscribeWhenUp } from '../simulating/subscribe-when-up.ts';
import { say, type Terminal, tell } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

export const SIMULATE_HELP = `keyturn simulate [--estate FILE] [--faults FILE] [--speed N] [--seed N] [--record FILE]
                 [--events URL]… [--environment FILE]

Runs a simulated Azure on this machine. Nothing real is touched, nothing leaves the machine.

  --estate FILE   The estate as JSON.                   Default: the example
  --faults FILE   What goes wrong, as a JSON list; keyturn fault adds more while it runs.
  --speed N       How much faster than Azure it is.     Default: 1
  --seed N        Same seed, same durations and ids.    Default: 1
  --record FILE   Writes every exchange as a line of JSON.
  --events URL    Delivers events to this Event Grid endpoint of a Functions app, e.g.
                  http://127.0.0.1:7071/runtime/webhooks/eventgrid?functionName=onDiskWritten&code=…
                  as soon as it answers there. Of keyturn serve the code is "eventGrid" in
                  keys.json of its state folder.
  --environment FILE
                  Writes the environment for a shell, too: ". FILE" in another terminal sets it.
                  The file goes away at the end.

When it is up it writes one line of JSON, {"env": {…}}: the environment with which the Azure CLI,
an SDK or keyturn serve reaches it.`;

/** Runs the simulated Azure alone until it is interrupted. */
export async function simulate(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      estate: { type: 'string' },
      faults: { type: 'string' },
      speed: { type: 'string', default: '1' },
      seed: { type: 'string', default: '1' },
      record: { type: 'string' },
      events: { type: 'string', multiple: true, default: [] },
      environment: { type: 'string' },
    },
  });
  const speed = positive('--speed', values.speed);
  const seed = positive('--seed', values.seed);
  const endpoints = values.events.map(endpoint);
  const estate = readEstate(values.estate);
  const faults = readFaults(values.faults);
  const recording = recorder(values.record);
  const simulator = createSimulator({
    estate,
    speed,
    seed,
    ...(recording ? { record: recording.record } : {}),
  });
  for (const fault of faults) orderFault(simulator, fault);
  const proxy = await startProxy(simulator);
  const envFile = values.environment;
  try {
    if (envFile !== undefined) saveEnvironment(envFile, proxy.env);
  } catch (error) {
    await proxy.stop();
    throw error;
  }
  tell(terminal, JSON.stringify({ env: proxy.env }));
  await Promise.all([
    untilAborted(terminal.interrupted),
    ...endpoints.map((url) => subscribeWhenUp(simulator, url, terminal)),
  ]);
  if (envFile !== undefined) rmSync(envFile, { force: true });
  await proxy.stop();
  simulator.close();
  await recording?.close();
  sayWhatWasNotSimulated(simulator, terminal);
  return EXIT.clean;
}

/** Names the calls that the simulated Azure does not know, if there were any. */
export function sayWhatWasNotSimulated(simulator: Simulator, terminal: Terminal): void {
  const { notSimulated } = simulator.truth();
  if (notSimulated.length === 0) return;
  say(terminal, 'The simulated Azure was asked what it does not know:');
  for (const call of notSimulated) say(terminal, `  - ${call}`);
}

export function positive(option: string, text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new UsageError(`${option} is "${text}"; it must be a number greater than 0.`);
}

function endpoint(text: string): URL {
  if (isHttp(text)) return new URL(text);
  throw new UsageError(`--events is "${text}"; it must be a URL.`);
}
