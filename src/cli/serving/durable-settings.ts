import { fileURLToPath } from 'node:url';
import { readHostJson } from '@keyturn/functions-host/read-host-json';

/** What the Durable extension is told on Azure, and the embedded host here. */
interface DurableSettings {
  readonly taskHub: string;
  /** Of orchestrations: the release. */
  readonly defaultVersion: string;
}

/** Reads host.json, the one place where they stand. */
export function durableSettings(): DurableSettings {
  const { taskHub = '', defaultVersion = '' } = readHostJson(
    fileURLToPath(new URL('../../..', import.meta.url)),
  );
  return { taskHub, defaultVersion };
}
