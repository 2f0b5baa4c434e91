import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The app in a process of its own, as it is reached. */
export interface ServeChild {
  readonly url: string;
  /** Ends with the process's exit code, however it ends. */
  readonly exited: Promise<number | null>;
  stop(): Promise<void>;
}

/**
 * Starts `keyturn serve` as a process of its own: the environment with which it reaches Azure, the
 * certificates above all, is read by Node at its start.
 *
 * @param folder state folder; the app's log goes into `app.log` there.
 * @throws Error when it ends before it is up, with the last of what it said.
 */
export async function serveChild(
  folder: string,
  policy: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ServeChild> {
  const main = join(import.meta.dirname, 'main.ts');
  const args = ['--disable-warning=ExperimentalWarning', main, 'serve'];
  const options = ['--policy', policy, '--port', '0', '--state', folder];
  const child = spawn(process.execPath, [...args, ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...environment },
    // Out of the terminal's process group: Ctrl-C reaches the parent, which stops it in order.
    detached: true,
  });
  const exited = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => resolve(code));
  });
  const said: string[] = [];
  const log = createWriteStream(join(folder, 'app.log'), { flags: 'a', mode: 0o600 });
  createInterface({ input: child.stderr }).on('line', (line) => {
    said.push(line);
    if (said.length > 20) said.shift();
    log.write(`${line}\n`);
  });

  const up = new Promise<string>((resolve) => {
    createInterface({ input: child.stdout }).once('line', resolve);
  });
  const first = await Promise.race([up, exited.then(() => null)]);
  if (first === null) throw new Error(`keyturn serve did not start:\n${said.join('\n')}`);
  const { url } = JSON.parse(first) as { readonly url: string };
  return {
    url,
    exited,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
      log.end();
    },
  };
}
