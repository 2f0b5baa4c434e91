import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { startHost } from '../src/host.ts';
import { StateFileError } from '../src/state-file.ts';
import { aHost, aStateFile } from './a-host.ts';

const SERVE = join(import.meta.dirname, 'fixtures/serve.mjs');

async function serve(stateFile: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [SERVE, stateFile, '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (text) => resolve(String(text).trim()));
    child.once('exit', (code) => reject(new Error(`The host ended with ${code}.`)));
  });
  return { child, url };
}

const opening = (stateFile: string) =>
  startHost({ load: () => undefined, stateFile, port: null, keys: null });

test('a second host on the same file is refused, in this process and in another', async () => {
  const stateFile = aStateFile();
  const first = await aHost({ stateFile });
  await expect(opening(stateFile)).rejects.toThrow(`${stateFile} is in use by another host`);
  first.kill();

  const { child } = await serve(stateFile);
  await expect(opening(stateFile)).rejects.toThrow(`${stateFile} is in use by another host`);

  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('exit', resolve));
  await aHost({ stateFile });
});

test('goes on after kill -9 of the process', async () => {
  const stateFile = aStateFile();
  const at = '/runtime/webhooks/durabletask';
  const first = await serve(stateFile);
  const body = JSON.stringify([100, 400, 3_000]);
  const headers = { 'content-type': 'application/json' };
  await fetch(`${first.url}${at}/orchestrators/fanOut/one`, { method: 'POST', body, headers });
  await expect
    .poll(async () => {
      const answer = await fetch(`${first.url}${at}/instances/one?showHistory=true`);
      const { historyEvents } = (await answer.json()) as { historyEvents: { EventType: string }[] };
      return historyEvents.filter(({ EventType }) => EventType === 'TaskCompleted').length;
    })
    .toBe(1);

  first.child.kill('SIGKILL');
  await new Promise((resolve) => first.child.once('exit', resolve));
  const second = await serve(stateFile);

  await expect
    .poll(
      async () => {
        const answer = await fetch(`${second.url}${at}/instances/one`);
        return ((await answer.json()) as { output: unknown }).output;
      },
      { timeout: 15_000 },
    )
    .toEqual([0, 1, 2]);
});

test('a file that is no database is named, with a way out', async () => {
  const stateFile = aStateFile();
  writeFileSync(stateFile, 'not a database, but long enough to be read as one '.repeat(40));

  await expect(opening(stateFile)).rejects.toThrow(StateFileError);

  await expect(opening(stateFile)).rejects.toThrow(
    `The state file ${stateFile} is damaged or no state file`,
  );
});

test('a file of a later release is refused', async () => {
  const stateFile = aStateFile();
  const database = new DatabaseSync(stateFile);
  database.exec('PRAGMA user_version = 99');
  database.close();

  await expect(opening(stateFile)).rejects.toThrow('has format 99, and this release reads');
});

test('a folder that is missing is explained', async () => {
  const stateFile = join(dirname(aStateFile()), 'missing', 'state.db');

  await expect(opening(stateFile)).rejects.toThrow('Check that its folder exists');
});

test('a failed load leaves the file free', async () => {
  const stateFile = aStateFile();
  mkdirSync(dirname(stateFile), { recursive: true });
  const load = () => {
    throw new Error('The app is broken.');
  };

  await expect(startHost({ load, stateFile, port: null, keys: null })).rejects.toThrow('broken');

  await aHost({ stateFile });
});
