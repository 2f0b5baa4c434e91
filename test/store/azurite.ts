import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll } from 'vitest';

/** The program `azurite-table`, Microsoft's emulator of Table storage: where CI has installed it. */
const PROGRAM = process.env['KEYTURN_AZURITE'] ?? '';

export const AZURITE_SKIPPED = existsSync(PROGRAM)
  ? null
  : 'KEYTURN_AZURITE does not name the program azurite-table';

interface Azurite {
  readonly url: string;
  readonly account: string;
  readonly key: string;
}

let started: Promise<Azurite> | null = null;
let running: ChildProcess | null = null;

afterAll(() => {
  running?.kill();
});

/** Starts it once for all tests of a file; it ends after them. */
export function startAzurite(): Promise<Azurite> {
  started ??= start();
  return started;
}

async function start(): Promise<Azurite> {
  const port = await freePort();
  const account = 'keyturn';
  const key = Buffer.from('only for tests').toString('base64');
  const options = ['--inMemoryPersistence', '--skipApiVersionCheck', '--disableTelemetry'];
  const child = spawn(PROGRAM, [...options, '--silent', '--tablePort', String(port)], {
    env: { ...process.env, AZURITE_ACCOUNTS: `${account}:${key}` },
    stdio: 'ignore',
  });
  running = child;
  await untilOpen(port, child);
  return { url: `http://127.0.0.1:${port}/${account}`, account, key };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });
}

async function untilOpen(port: number, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
    if (isOpen) return;
    await sleep(100);
  }
  throw new Error(`${PROGRAM} ended with ${child.exitCode}.`);
}
