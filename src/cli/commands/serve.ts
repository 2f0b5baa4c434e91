import { parseArgs } from 'node:util';
import { type Host, type HostKeys, startHost } from '@keyturn/functions-host/host';
import { StateFileError } from '@keyturn/functions-host/state-file';
import { ConfigError, LOCAL_PERSON, readConfig } from '../../config.ts';
import { StoreFileError } from '../../store/store-file-error.ts';
import { EXIT } from '../exit-codes.ts';
import { untilAborted } from '../pause.ts';
import { durableSettings } from '../serving/durable-settings.ts';
import { firstLook } from '../serving/first-look.ts';
import { localPerson } from '../serving/local-person.ts';
import { logLine } from '../serving/log-line.ts';
import { journalFileIn, openStateFolder } from '../serving/state-folder.ts';
import { systemReason } from '../system-error.ts';
import { say, type Terminal, tell } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

export const SERVE_HELP = `keyturn serve --policy FILE [--port 7071] [--state FOLDER]

Runs keyturn on this machine, against the Azure that the environment reaches.

  --policy FILE   What it may touch, and how. Read again whenever it changes.
  --port PORT     On 127.0.0.1; 0 takes any free one.   Default: 7071
  --state FOLDER  Durable state, journal, function keys. Default: .keyturn

Signs in with DefaultAzureCredential: a managed identity, environment variables, or az login.
KEYTURN_CLOUD chooses AzureCloud, AzureUSGovernment or AzureChinaCloud.
KEYTURN_JOURNAL keeps the journal elsewhere: a file, or https://ACCOUNT.table.core.windows.net.
When it is up it writes one line of JSON: {"url": …, "state": …}. Ctrl-C ends it; what was under
way goes on at the next start.`;

/** Runs the app on the embedded host until it is interrupted. */
export async function serve(args: readonly string[], terminal: Terminal): Promise<number> {
  const { policy, port, state } = readOptions(args);
  const environment = process.env;
  if (policy !== undefined) environment['KEYTURN_POLICY_FILE'] = policy;
  if (!environment['KEYTURN_POLICY_FILE']) throw new UsageError(NO_POLICY);
  environment['KEYTURN_JOURNAL'] ||= journalFileIn(state);
  // Before anything is written: a setup that cannot work leaves no keys behind.
  orUsage(() => readConfig(environment));
  const folder = openStateFolder(state);
  // Nothing stands before this host that would take a made-up name away.
  delete environment['WEBSITE_AUTH_ENABLED'];
  environment[LOCAL_PERSON] = localPerson(folder.keys.master);
  // As on Azure: durable-functions makes its links for this name.
  environment['WEBSITE_HOSTNAME'] ??= `localhost:${port}`;

  const log = (line: object): void => say(terminal, logLine(line, new Date()));
  const host = await start({ port, log, stateFile: folder.stateFile, keys: folder.keys });
  tell(terminal, JSON.stringify({ url: host.url, state }));
  const look = await firstLook(host, folder.keys, terminal.interrupted);
  if (look?.kind === 'not-signed-in') {
    say(terminal, NOT_SIGNED_IN);
    await host.stop();
    return EXIT.usage;
  }
  if (look?.kind === 'failed') say(terminal, `${look.reason}\nkeyturn goes on trying.`);
  if (look?.kind === 'refused') say(terminal, `${look.reason}: ${MAY_NOT_READ}`);
  await untilAborted(terminal.interrupted);
  await host.stop();
  return EXIT.clean;
}

const NO_POLICY =
  'Name the policy with --policy FILE, or set KEYTURN_POLICY_FILE. examples/policy.yaml is one, ' +
  'for the simulated Azure of keyturn simulate.';
const NOT_SIGNED_IN =
  'keyturn cannot sign in to Azure: there is no managed identity here, no AZURE_CLIENT_ID with a ' +
  'secret, and no az login. Give it one of them; to try it without Azure, see keyturn simulate.';
const MAY_NOT_READ =
  'Azure does not show what the policy names. Give the identity the Reader role there; ' +
  'keyturn looks again at each sweep.';

/** @throws UsageError with what a person can mend. */
function orUsage(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new UsageError(error.message, { cause: error });
  }
}

/** @throws UsageError with what a person can mend. */
async function start(options: {
  readonly port: number;
  readonly log: (line: object) => void;
  readonly stateFile: string;
  readonly keys: HostKeys;
}): Promise<Host> {
  try {
    const load = () => import('../../main.ts');
    return await startHost({ ...options, ...durableSettings(), load });
  } catch (error) {
    if (error instanceof StateFileError || error instanceof StoreFileError) {
      throw new UsageError(error.message, { cause: error });
    }
    const reason = systemReason(error);
    if (!(error instanceof Error && 'syscall' in error && error.syscall === 'listen')) throw error;
    const advice = 'Stop what listens there, or give another --port; 0 takes any free one.';
    throw new UsageError(`Port ${options.port} cannot be opened: ${reason}. ${advice}`, {
      cause: error,
    });
  }
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
