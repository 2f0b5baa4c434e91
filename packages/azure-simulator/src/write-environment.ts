import { writeFileSync } from 'node:fs';

/**
 * Writes an environment as a file for `. FILE` in a shell; only its owner may read it.
 *
 * @throws the system's error when it cannot be written.
 */
export function writeEnvironment(file: string, env: Readonly<Record<string, string>>): void {
  const lines = Object.entries(env).map(
    ([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'`,
  );
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
}
