import { globSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { HostOptions } from '../host.ts';
import { FunctionsAppError } from './functions-app-error.ts';
import { readJsonFile, valueAt } from './json-file.ts';
import { readHostJson } from './read-host-json.ts';

/** A Functions v4 app as it lies in a folder. */
export interface FunctionsApp {
  /** `load` imports what `main` of `package.json` names, which may be a pattern. */
  readonly options: Pick<HostOptions, 'load'> & ReturnType<typeof readHostJson>;
  /** `Values` of `local.settings.json`: the environment that the app expects. */
  readonly values: Readonly<Record<string, string>>;
}

/**
 * Reads `package.json`, `host.json` and, if there is one, `local.settings.json`.
 *
 * @throws FunctionsAppError with what is wrong about the folder.
 */
export function readFunctionsApp(path: string): FunctionsApp {
  const folder = resolve(path);
  const settings = readHostJson(folder);
  const files = mainFiles(folder);
  const values = Object.entries(
    valueAt(readJsonFile(join(folder, 'local.settings.json')), 'Values') ?? {},
  ).map(([name, value]) => [name, String(value)]);
  return {
    options: {
      ...settings,
      load: async () => {
        for (const file of files) await import(pathToFileURL(join(folder, file)).href);
      },
    },
    values: Object.fromEntries(values),
  };
}

function mainFiles(folder: string): readonly string[] {
  const file = join(folder, 'package.json');
  const main = valueAt(readJsonFile(file), 'main');
  if (typeof main !== 'string') throw new FunctionsAppError(`${file} names no "main".`);
  const files = globSync(main, { cwd: folder }).toSorted();
  if (files.length > 0) return files;
  throw new FunctionsAppError(`${file}: there is no file "${main}". Is the app built?`);
}
