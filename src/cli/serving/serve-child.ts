import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { UsageError } from '../usage-error.ts';

/** The app in a process of its own, as it is reached. */
export interface ServeChild {
  readonly url: string;
  /** Ends with the process's exit code, however it ends. */
  readonly exited: Promise<number | null>;
  /** The last of what it said. */
  lastWords(): string;
  stop(): Promise<void>;
}

/**
 * Starts `keyturn serve` as a process of its own: the environment with which it reaches Azure, the
 * certificates above all, is read by Node at its start.
 *
 * @param folder state folder; the app's log goes into `app.log` there.
 * @throws UsageError when it ends before it is up, with the last of what it said.
 */
export async function serveChild(
  folder: string,
  policy: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ServeChild> {
  const main = join(import.meta.dirname, '../main.ts');
  const args = ['--disable-warning=ExperimentalWarning', main, 'serve'];
  const options = ['--policy', policy, '--port', '0', '--state', folder];
  const child = spawn(process.execPath, [...args, ...options], {
    // Over the channel it learns when this process is no more, and ends too.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...environment },
    // Out of the terminal's process group: Ctrl-C reaches the parent, which stops it in order.
    detached: true,
  });
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error('keyturn serve cannot be listened to.');
  const exited = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => resolve(code));
  });
  const said: string[] = [];
  const log = createWriteStream(join(folder, 'app.log'), { flags: 'a', mode: 0o600 });
  createInterface({ input: stderr }).on('line', (line) => {
    said.push(line);
    if (said.length > 20) said.shift();
    log.write(`${line}\n`);
  });

  const up = new Promise<string>((resolve) => {
    createInterface({ input: stdout }).once('line', resolve);
  });
  const first = await Promise.race([up, exited.then(() => null)]);
  if (first === null) {
    throw new UsageError(said.filter((line) => !line.startsWith('See keyturn')).join('\n'));
  }
  const { url } = JSON.parse(first) as { readonly url: string };
  return {
    url,
    exited,
    lastWords: () => said.join('\n'),
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
      log.end();
    },
  };
}
