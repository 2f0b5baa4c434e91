import { writeFileSync } from 'node:fs';
import { systemReason } from '../system-error.ts';
import { UsageError } from '../usage-error.ts';

/**
 * Writes an environment as a file for `. FILE` in a shell; only its owner may read it.
 *
 * @throws UsageError when it cannot be written.
 */
export function writeEnvironment(file: string, env: Readonly<Record<string, string>>): void {
  const lines = Object.entries(env).map(
    ([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'`,
  );
  try {
    writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  } catch (error) {
    const reason = systemReason(error);
    if (reason === null) throw error;
    throw new UsageError(`The environment file ${file} cannot be written: ${reason}.`, {
      cause: error,
    });
  }
}
