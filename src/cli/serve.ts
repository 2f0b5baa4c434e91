import { parseArgs } from 'node:util';
import { ConfigError } from '../config.ts';
import { type Host, startHost } from '../host/host.ts';
import { EXIT } from './exit-codes.ts';
import { openStateFolder } from './state-folder.ts';
import { say, type Terminal, tell } from './terminal.ts';
import { UsageError } from './usage-error.ts';

export const SERVE_HELP = `keyturn serve --policy FILE [--port 7071] [--state FOLDER]

Runs keyturn on this machine, against the Azure that the environment reaches.

  --policy FILE   What it may touch, and how. Read again whenever it changes.
  --port PORT     On 127.0.0.1; 0 takes any free one.   Default: 7071
  --state FOLDER  Durable state and function keys.      Default: .keyturn

Signs in with DefaultAzureCredential: a managed identity, environment variables, or az login.
KEYTURN_CLOUD chooses AzureCloud, AzureUSGovernment or AzureChinaCloud.
When it is up it writes one line of JSON: {"url": …, "state": …}. Ctrl-C ends it; what was under
way goes on at the next start.`;

/** Runs the app on the embedded host until it is interrupted. */
export async function serve(args: readonly string[], terminal: Terminal): Promise<number> {
  const { policy, port, state } = readOptions(args);
  const folder = openStateFolder(state);
  const environment = process.env;
  if (policy !== undefined) environment['KEYTURN_POLICY_FILE'] = policy;
  // As on Azure: durable-functions makes its links for this name.
  environment['WEBSITE_HOSTNAME'] ??= `localhost:${port}`;

  let host: Host;
  try {
    host = await startHost({
      load: () => import('../main.ts'),
      stateFile: folder.stateFile,
      port,
      keys: folder.keys,
      log: (line) => say(terminal, JSON.stringify(line)),
      taskHub: 'keyturn',
    });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    say(terminal, error.message);
    return EXIT.usage;
  }
  tell(terminal, JSON.stringify({ url: host.url, state }));
  await sweepNow(host, folder.keys.master);
  await new Promise((resolve) => {
    terminal.interrupted.addEventListener('abort', resolve, { once: true });
  });
  await host.stop();
  return EXIT.clean;
}

/** What happened while nothing ran here was not delivered: look at once, not at the next sweep. */
async function sweepNow(host: Host, master: string): Promise<void> {
  const url = new URL('/admin/functions/onSweepDue', host.url);
  const headers = { 'content-type': 'application/json', 'x-functions-key': master };
  await host.request(new Request(url, { method: 'POST', headers, body: '{}' }));
}

function readOptions(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      policy: { type: 'string' },
      port: { type: 'string', default: '7071' },
      state: { type: 'string', default: '.keyturn' },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new UsageError(`--port is "${values.port}"; it must be a port number.`);
  }
  return { policy: values.policy, port, state: values.state };
}
