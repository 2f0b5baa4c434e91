#!/usr/bin/env node
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { orderFault } from '../control/fault-request.ts';
import { readFaultFile } from '../control/read-fault-file.ts';
import { readEstateFile } from '../estate/read-estate-file.ts';
import { exampleEstate } from '../example-estate.ts';
import { InputFileError } from '../input-file.ts';
import { startProxy } from '../proxy.ts';
import { openRecorder } from '../recorder.ts';
import { createSimulator } from '../simulator.ts';
import { writeEnvironment } from '../write-environment.ts';

const HELP = `azure-simulator [--estate FILE] [--faults FILE] [--speed N] [--seed N] [--record FILE]
                [--environment FILE]

Runs a simulated Azure on this machine until it is interrupted. Nothing leaves the machine.

  --estate FILE       What is there, as JSON.               Default: an example
  --faults FILE       What goes wrong, as a JSON list.
  --speed N           How much faster than Azure it is.     Default: 1
  --seed N            Same seed, same durations and ids.    Default: 1
  --record FILE       Writes every exchange as a line of JSON.
  --environment FILE  Writes the environment for a shell, too: ". FILE" sets it. It goes at the end.

When it is up it writes one line of JSON, {"env": {…}}: the environment with which a client reaches it.
`;

/** The command line is wrong. */
class UsageError extends Error {}

try {
  const options = optionsIn(process.argv.slice(2));
  if (options === null) process.stdout.write(HELP);
  else await simulate(options);
} catch (error) {
  if (!isForPerson(error)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

/** Null: somebody asks for help. */
function optionsIn(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      estate: { type: 'string' },
      faults: { type: 'string' },
      speed: { type: 'string', default: '1' },
      seed: { type: 'string', default: '1' },
      record: { type: 'string' },
      environment: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return null;
  const { speed, seed, ...files } = values;
  return { ...files, speed: positive('--speed', speed), seed: positive('--seed', seed) };
}

async function simulate(options: NonNullable<ReturnType<typeof optionsIn>>): Promise<void> {
  const { speed, seed, environment } = options;
  const estate = options.estate === undefined ? exampleEstate() : readEstateFile(options.estate);
  const faults = options.faults === undefined ? [] : readFaultFile(options.faults);
  const recorder = options.record === undefined ? null : openRecorder(options.record);
  const recording = recorder === null ? {} : { record: recorder.record };
  const simulator = createSimulator({ estate, speed, seed, ...recording });
  for (const fault of faults) orderFault(simulator, fault);
  const interrupted = nextInterrupt();
  const proxy = await startProxy(simulator);
  try {
    if (environment !== undefined) writeEnvironment(environment, proxy.env);
    process.stdout.write(`${JSON.stringify({ env: proxy.env })}\n`);
    await interrupted;
    if (environment !== undefined) rmSync(environment, { force: true });
  } finally {
    await proxy.stop();
    simulator.close();
    await recorder?.close();
  }
  for (const call of simulator.truth().notSimulated) {
    process.stderr.write(`It was asked what it does not know: ${call}\n`);
  }
}

function nextInterrupt(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => resolve());
  });
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new UsageError(`${option} is "${text}"; it must be a number greater than 0.`);
}

/** A wrong option, a file with mistakes, or one that the system refuses. */
function isForPerson(error: unknown): error is Error {
  if (error instanceof InputFileError || error instanceof UsageError) return true;
  return error instanceof Error && 'code' in error && /^E[A-Z_]+$/.test(String(error.code));
}
