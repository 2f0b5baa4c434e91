import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostKeys } from '../host/host.ts';

/** Where the app on this machine keeps what it must not lose. */
export interface StateFolder {
  readonly stateFile: string;
  readonly keysFile: string;
  readonly keys: HostKeys;
}

/** Opens the folder, and makes keys for it the first time; only the owner may read them. */
export function openStateFolder(folder: string): StateFolder {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const keysFile = join(folder, 'keys.json');
  return {
    stateFile: join(folder, 'state.sqlite'),
    keysFile,
    keys: readKeys(folder) ?? makeKeys(keysFile),
  };
}

/** The keys of a folder that an app was started with; null when there are none. */
export function readKeys(folder: string): HostKeys | null {
  try {
    return JSON.parse(readFileSync(join(folder, 'keys.json'), 'utf8')) as HostKeys;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

function makeKeys(file: string): HostKeys {
  const key = (): string => randomBytes(30).toString('base64url');
  const keys = { master: key(), function: key(), eventGrid: key(), durableTask: key() };
  writeFileSync(file, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  return keys;
}
