import type { ParseArgsOptionsConfig } from 'node:util';
import { readKeys } from '../serving/state-folder.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { type AppClient, appClient, isLoopback } from './app-client.ts';
import { personToken } from './person-token.ts';

/** The options of every command that talks to a running app. */
export const APP_OPTIONS = {
  url: { type: 'string', default: 'http://127.0.0.1:7071' },
  key: { type: 'string' },
  state: { type: 'string', default: '.keyturn' },
  output: { type: 'string', short: 'o', default: 'table' },
} as const satisfies ParseArgsOptionsConfig;

export const APP_OPTIONS_HELP = `  --url URL           The app.                        Default: http://127.0.0.1:7071
  --key KEY           A function key, else KEYTURN_KEY, else the master key in --state.
  --state FOLDER      State folder of an app on this machine: its owner may do everything.
                      Default: .keyturn
  --output, -o        table or json.                  Default: table`;

interface AppOptions {
  readonly url: string;
  readonly key?: string;
  readonly state: string;
}

/** Connects to the app that the options name. */
export function connectApp(
  options: AppOptions & Parameters<typeof personToken>[0],
  terminal: Terminal,
): AppClient {
  const { url, key: given, state } = options;
  if (!isHttp(url)) {
    throw new UsageError(`--url is "${url}"; it must be a URL such as ${APP_OPTIONS.url.default}.`);
  }
  const functionKey = given ?? terminal.environment['KEYTURN_KEY'];
  const key = functionKey ?? readKeys(state)?.master;
  if (key === undefined) {
    throw new UsageError(
      `There is no function key: give --key, set KEYTURN_KEY, or name with --state the folder that keyturn serve runs with; ${state} holds none.`,
    );
  }
  // The owner of the state folder needs no other name.
  const token = functionKey === undefined ? null : personToken(options, terminal);
  if (token !== null && !url.startsWith('https:') && !isLoopback(url)) {
    throw new UsageError(`--url is "${url}"; a token is sent over https only.`);
  }
  return appClient(url, { key, token });
}

/** `localhost:7071` can be parsed, with `localhost:` for its scheme. */
export function isHttp(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

/** @throws UsageError unless it is one of the two. */
export function outputFormat(text: string): 'table' | 'json' {
  return formatOf(text, ['table', 'json']);
}

/** @throws UsageError unless it is one of those. */
export function formatOf<Format extends string>(text: string, formats: readonly Format[]): Format {
  const found = formats.find((format) => format === text);
  if (found !== undefined) return found;
  const others = formats.slice(0, -1).join(', ');
  throw new UsageError(`--output is "${text}"; it must be ${others} or ${formats.at(-1)}.`);
}
