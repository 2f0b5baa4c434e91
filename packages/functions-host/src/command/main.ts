#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { FunctionsAppError } from '../functions-app/functions-app-error.ts';
import { readFunctionsApp } from '../functions-app/read-functions-app.ts';
import { startHost } from '../host.ts';
import { StateFileError } from '../state-file.ts';

const HELP = `functions-host FOLDER [--port 7071] [--state FILE]

Runs the Azure Functions v4 app in FOLDER until it is interrupted.

  --port PORT   On 127.0.0.1; 0 takes any free one.   Default: 7071
  --state FILE  Durable instances and timers (SQLite). Default: .functions-host.sqlite in FOLDER

Reads package.json ("main"), host.json and local.settings.json; what the environment sets already
stays. When it is up it writes one line of JSON: {"url": …, "functions": […]}; its log goes to
standard error. After an interruption, whatever was under way goes on at the next start.
`;

/** The command line is wrong. */
class UsageError extends Error {}

try {
  const options = optionsIn(process.argv.slice(2));
  if (options === null) process.stdout.write(HELP);
  else await run(options);
} catch (error) {
  if (!isForPerson(error)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}

/** Null: somebody asks for help. */
function optionsIn(args: string[]) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      port: { type: 'string', default: '7071' },
      state: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return null;
  const [folder, ...more] = positionals;
  if (folder === undefined || more.length > 0) throw new UsageError('Name one folder.');
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new UsageError(`--port is "${values.port}"; it must be a port number.`);
  }
  return { folder, port, state: values.state ?? join(folder, '.functions-host.sqlite') };
}

async function run({ folder, port, state }: NonNullable<ReturnType<typeof optionsIn>>) {
  const { options, values } = readFunctionsApp(folder);
  // As on Azure: durable-functions makes its links for this name.
  const environment = { ...values, WEBSITE_HOSTNAME: `localhost:${port}` };
  for (const [name, value] of Object.entries(environment)) process.env[name] ??= value;
  const stateFile = state === ':memory:' ? state : resolve(state);
  const interrupted = nextInterrupt();
  // An app finds its files from its own folder.
  process.chdir(folder);
  const log = (line: object): void => {
    process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), ...line })}\n`);
  };
  const host = await startHost({ ...options, port, stateFile, keys: null, log });
  process.stdout.write(`${JSON.stringify({ url: host.url, functions: host.functionNames })}\n`);
  await interrupted;
  await host.stop();
  // What the app keeps open would keep the process.
  process.exit();
}

function nextInterrupt(): Promise<void> {
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => done());
  });
}

/** A wrong option, a folder that is no app, a state file or port that is not to be had. */
function isForPerson(error: unknown): error is Error {
  if (error instanceof FunctionsAppError || error instanceof StateFileError) return true;
  if (error instanceof UsageError) return true;
  if (!(error instanceof Error && 'code' in error)) return false;
  return String(error.code).startsWith('ERR_PARSE_ARGS') || /^E[A-Z]+$/.test(String(error.code));
}
