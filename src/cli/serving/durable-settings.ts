import { readFileSync } from 'node:fs';

/** What the Durable extension is told on Azure, and the embedded host here. */
interface DurableSettings {
  readonly taskHub: string;
  /** Of orchestrations: the release. */
  readonly defaultVersion: string;
}

/** Reads host.json, the one place where they stand. */
export function durableSettings(): DurableSettings {
  const file = new URL('../../../host.json', import.meta.url);
  const { extensions } = JSON.parse(readFileSync(file, 'utf8'));
  const { hubName, defaultVersion } = extensions.durableTask;
  return { taskHub: hubName, defaultVersion };
}
