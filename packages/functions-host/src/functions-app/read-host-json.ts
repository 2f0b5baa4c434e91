import { join } from 'node:path';
import type { HostOptions } from '../host.ts';
import { FunctionsAppError } from './functions-app-error.ts';
import { readJsonFile, valueAt } from './json-file.ts';

type HostSettings = Pick<
  HostOptions,
  'routePrefix' | 'taskHub' | 'defaultVersion' | 'maxConcurrentActivities'
>;

const DURABLE_TASK = ['extensions', 'durableTask'] as const;

/**
 * What `host.json` of an app tells this host; the rest of it is not looked at.
 *
 * @throws FunctionsAppError when it is missing, or says something that cannot be.
 */
export function readHostJson(folder: string): HostSettings {
  const file = join(folder, 'host.json');
  const json = readJsonFile(file);
  if (json === null)
    throw new FunctionsAppError(`${file} is missing: ${folder} is no Functions app.`);
  const texts = {
    routePrefix: valueAt(json, 'extensions', 'http', 'routePrefix'),
    taskHub: valueAt(json, ...DURABLE_TASK, 'hubName'),
    defaultVersion: valueAt(json, ...DURABLE_TASK, 'defaultVersion'),
  };
  for (const [name, value] of Object.entries(texts)) {
    if (value === undefined || typeof value === 'string') continue;
    throw new FunctionsAppError(`${file}: ${NAMES[name as keyof typeof texts]} must be a text.`);
  }
  const most = valueAt(json, ...DURABLE_TASK, 'maxConcurrentActivityFunctions');
  if (most !== undefined && !(Number.isInteger(most) && Number(most) > 0)) {
    throw new FunctionsAppError(
      `${file}: maxConcurrentActivityFunctions must be a whole number greater than 0.`,
    );
  }
  const given = { ...texts, maxConcurrentActivities: most };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

const NAMES = {
  routePrefix: 'routePrefix',
  taskHub: 'hubName',
  defaultVersion: 'defaultVersion',
} as const;
