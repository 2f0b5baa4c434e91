import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where the Azure CLI is; `undefined` where it is not installed. */
export const AZ = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'az'))
  .find((file) => existsSync(file));

interface Finished {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/**
 * Runs `az`, whose words are parted by blanks; a `~` stands for a blank inside a word.
 *
 * @param configFolder its own, so that nobody's sign-in is touched.
 */
export async function runAz(
  line: string,
  configFolder: string,
  azure: Readonly<Record<string, string>>,
): Promise<Finished> {
  const { PATH, HOME } = process.env;
  const env = {
    PATH,
    HOME,
    ...azure,
    AZURE_CONFIG_DIR: configFolder,
    AZURE_CORE_COLLECT_TELEMETRY: 'no',
    AZURE_CORE_NO_COLOR: 'yes',
  };
  const args = line.split(' ').map((word) => word.replaceAll('~', ' '));
  return new Promise((resolve) => {
    execFile(AZ ?? 'az', args, { env, timeout: 80_000 }, (error, out, err) => {
      resolve({ exitCode: error ? Number(error.code ?? 1) : 0, out, err });
    });
  });
}
