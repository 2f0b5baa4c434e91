import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Exchange } from '../src/gateway.ts';

/** Judges traffic by Microsoft's own documents; not everywhere beside the checkout. */
const JUDGE = join(import.meta.dirname, '../../../../shared/conformance/validate.mjs');

/**
 * Why nothing can be judged here, for the name of who skips it; null where it can.
 *
 * The packages of the judge are hundreds, and no dependency: JUDGE_PACKAGES names their folder.
 */
export const NO_JUDGE = !existsSync(JUDGE)
  ? 'the official documents are not beside this checkout'
  : process.env['JUDGE_PACKAGES'] === undefined
    ? 'JUDGE_PACKAGES names no folder with the packages of the judge'
    : null;

/** The judge's word on an exchange that differs from its document. */
export interface Verdict {
  readonly operationId?: string;
  readonly status: number;
  readonly url: string;
  readonly errors: readonly { readonly code: string; readonly path: string }[];
}

export interface Judged {
  readonly verdicts: readonly Verdict[];
  /** How many exchanges were judged. */
  readonly pairs: number;
}

/** The only version of this list of which a document is held. */
const HELD_RESOURCES = '2024-07-01';

/**
 * Judges strictly: a version that is not held is an error, and so is a value outside a list.
 *
 * @param options `--near` judges such a version by the nearest one.
 */
export async function judge(
  exchanges: readonly Exchange[],
  ...options: readonly string[]
): Promise<Judged> {
  const folder = await mkdtemp(join(tmpdir(), 'traffic-'));
  const file = join(folder, 'traffic.jsonl');
  const asked = options.includes('--near') ? exchanges.map(withItsOwnDocument) : exchanges;
  await writeFile(file, asked.map((exchange) => JSON.stringify(exchange)).join('\n'));
  try {
    return await judgeFile(file, options);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function judgeFile(file: string, options: readonly string[]): Promise<Judged> {
  return new Promise((resolve, reject) => {
    const args = [JUDGE, file, '--json', ...options];
    execFile(process.execPath, args, { maxBuffer: 2 ** 28 }, (_, out, err) => {
      const lines = out.trim().split('\n');
      try {
        const { pairs } = JSON.parse(lines.pop() ?? '');
        resolve({ verdicts: lines.map((line) => JSON.parse(line)), pairs });
      } catch {
        reject(new Error(`The judge did not come to an end: ${err || out}`));
      }
    });
  });
}

/**
 * A document of Key Vault describes the path of the list of all resources too, for vaults alone,
 * and is the nearest one to the versions that Azure CLI asks for.
 */
function withItsOwnDocument(exchange: Exchange): Exchange {
  const url = new URL(exchange.url);
  if (!/^\/subscriptions\/[^/]+\/resources$/i.test(url.pathname)) return exchange;
  url.searchParams.set('api-version', HELD_RESOURCES);
  return { ...exchange, url: url.href };
}
