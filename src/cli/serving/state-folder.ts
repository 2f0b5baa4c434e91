import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostKeys } from '@keyturn/functions-host/host';
import { systemReason } from '../system-error.ts';
import { UsageError } from '../usage-error.ts';

/** Where the app on this machine keeps what it must not lose. */
export interface StateFolder {
  readonly stateFile: string;
  readonly journalFile: string;
  readonly keysFile: string;
  readonly keys: HostKeys;
}

const KEY_NAMES = ['master', 'function', 'eventGrid', 'durableTask'] as const;

/**
 * Opens the folder, and makes keys for it the first time; only the owner may read them.
 *
 * @throws UsageError when nothing can be written there, or its keys are damaged.
 */
export function openStateFolder(folder: string): StateFolder {
  const keysFile = join(folder, 'keys.json');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const keys = readKeys(folder) ?? makeKeys(keysFile);
    const stateFile = join(folder, 'state.sqlite');
    return { stateFile, journalFile: journalFileIn(folder), keysFile, keys };
  } catch (error) {
    const reason = systemReason(error);
    if (reason === null) throw error;
    throw new UsageError(`The state folder ${folder} cannot be used: ${reason}.`, { cause: error });
  }
}

/** Where the journal is, unless it is kept elsewhere. */
export function journalFileIn(folder: string): string {
  return join(folder, 'journal.sqlite');
}

/**
 * The keys of a folder that an app was started with; null when there are none.
 *
 * @throws UsageError when they are damaged or cannot be read.
 */
export function readKeys(folder: string): HostKeys | null {
  const file = join(folder, 'keys.json');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const reason = systemReason(error);
    if (reason === null) throw error;
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new UsageError(`The keys in ${file} cannot be read: ${reason}.`, { cause: error });
  }
  const keys = keysIn(text);
  if (keys !== null) return keys;
  throw new UsageError(`The keys in ${file} are damaged; delete the file, and new ones are made.`);
}

function keysIn(text: string): HostKeys | null {
  try {
    const keys = JSON.parse(text) as Partial<HostKeys> | null;
    const isWhole = KEY_NAMES.every((name) => typeof keys?.[name] === 'string' && keys[name]);
    return isWhole ? (keys as HostKeys) : null;
  } catch {
    return null;
  }
}

function makeKeys(file: string): HostKeys {
  const key = (): string => randomBytes(30).toString('base64url');
  const keys = { master: key(), function: key(), eventGrid: key(), durableTask: key() };
  writeFileSync(file, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  return keys;
}
