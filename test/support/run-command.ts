import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Node keeps what it has compiled there: a test run starts the command line some fifty times. */
const NODE_COMPILE_CACHE = `${ROOT}/node_modules/.cache/compiled`;
const CLI = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

export interface Finished {
  readonly exitCode: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a program to its end. */
export function runCommand(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<Finished> {
  const child = spawn(command, [...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return finished(child);
}

/** Runs `keyturn` to its end. */
export function runKeyturn(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<Finished> {
  return spawnKeyturn(args, env).finished;
}

/** Runs Node to its end. */
export function runProgram(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<Finished> {
  return runCommand(process.execPath, args, env);
}

export interface Running {
  readonly child: ChildProcess;
  /** Waits until it has said, on either stream, what fits. */
  readonly said: (what: RegExp) => Promise<RegExpExecArray>;
  readonly finished: Promise<Finished>;
}

/** Starts `keyturn` and does not wait for anything. */
export function spawnKeyturn(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Running {
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: ROOT,
    env: { ...process.env, NODE_COMPILE_CACHE, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const ended = finished(child);
  const said = (what: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (data: Buffer | string): void => {
        text += data.toString();
        const found = what.exec(text);
        if (found) resolve(found);
      };
      look('');
      child.stdout?.on('data', look);
      child.stderr?.on('data', look);
      void ended.then(() => reject(new Error(`It ended without ${what}:\n${text}`)));
    });
  return { child, said, finished: ended };
}

export interface Started {
  readonly child: ChildProcess;
  /** What it said first, which for `serve` and `simulate` means that it is up. */
  readonly firstLine: unknown;
  readonly finished: Promise<Finished>;
}

/** Starts `keyturn` and waits for its first line of JSON. */
export async function startKeyturn(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<Started> {
  const { child, finished: ended } = spawnKeyturn(args, env);
  const first = new Promise<string>((resolve) => {
    if (child.stdout) createInterface({ input: child.stdout }).once('line', resolve);
  });
  const line = await Promise.race([first, ended.then(() => null)]);
  if (line === null) throw new Error(`It ended at once:\n${(await ended).err}`);
  return { child, firstLine: JSON.parse(line), finished: ended };
}

function finished(child: ChildProcess): Promise<Finished> {
  const said = { out: '', err: '' };
  child.stdout?.on('data', (data: Buffer) => {
    said.out += data.toString();
  });
  child.stderr?.on('data', (data: Buffer) => {
    said.err += data.toString();
  });
  return new Promise((resolve) => {
    child.once('close', (exitCode) => resolve({ exitCode, ...said }));
  });
}
