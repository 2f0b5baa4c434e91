import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Exchange } from '../../src/simulator/gateway.ts';

/** Judges traffic by Microsoft's own documents; not everywhere beside the checkout. */
export const JUDGE = join(import.meta.dirname, '../../../shared/conformance/validate.mjs');

export interface Verdict {
  readonly operationId?: string;
  readonly status: number;
  readonly url: string;
  readonly errors: readonly { readonly code: string; readonly path: string }[];
}

/** Which operation may differ from its document, by which code, and why that is right. */
type Explained = readonly [operation: RegExp, code: string, why: string, where?: RegExp];

/**
 * Where Azure was recorded to differ from its own documents, or these are not held. Ten at most.
 */
export const EXPLAINED: readonly Explained[] = [
  [
    /./,
    'INVALID_RESPONSE_CODE',
    'old documents list no errors; 400, 404 and 409 are recorded for all of them',
    /^(400|403|404|409) /,
  ],
  [
    /^DiskEncryptionSets_CreateOrUpdate$/,
    'MISSING_RESOURCE_ID',
    'the 202 repeats the request and has no ID: recorded 2020–2025',
    /^202 /,
  ],
  [
    /^DiskEncryptionSets_CreateOrUpdate$/,
    'BICEP_MISSING',
    'the 202 repeats the request and has no name: recorded 2020–2025',
    /^202 /,
  ],
  [
    /^VirtualMachines_/,
    'ENUM_MISMATCH',
    'the size of the recorded confidential machine is younger than the document',
    /vmSize$/,
  ],
  [
    /^unknownOperationId$/,
    'OPERATION_NOT_FOUND_IN_CACHE',
    'no document of restore points is held',
    /restorePointCollections/,
  ],
  [
    /^unknownOperationId$/,
    'OPERATION_NOT_FOUND_IN_CACHE_WITH_API',
    'no document of locks, nor of the end of a group, is held',
    /Microsoft\.Authorization\/locks|\/operationresults\//,
  ],
  [
    /^unknownOperationId$/,
    'OPERATION_NOT_FOUND_IN_CACHE_WITH_PROVIDER',
    'no document of the network is held',
    /Microsoft\.Network\//,
  ],
  [
    /^Subscriptions_List$/,
    'OBJECT_ADDITIONAL_PROPERTIES',
    'Azure counts the subscriptions that it lists, which the document leaves out',
    /\/count$/,
  ],
  [
    /^Subscriptions_List$/,
    'OBJECT_MISSING_REQUIRED_PROPERTY',
    'the last page of a list has no link, whatever the document requires',
    /\/nextLink$/,
  ],
  [
    /^Vaults_List$/,
    '*',
    'the vault document claims the path of the list of all resources',
    /\/resources\?/,
  ],
];

export async function judge(
  exchanges: readonly Exchange[],
  ...options: string[]
): Promise<{ verdicts: Verdict[]; pairs: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'traffic-'));
  const file = join(folder, 'traffic.jsonl');
  await writeFile(file, exchanges.map((exchange) => JSON.stringify(exchange)).join('\n'));
  const output = await new Promise<string>((resolve) => {
    execFile(
      process.execPath,
      [JUDGE, file, '--json', ...options],
      { maxBuffer: 2 ** 26 },
      (_, out) => resolve(out),
    );
  });
  await rm(folder, { recursive: true });
  const lines = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return { verdicts: lines.slice(0, -1), pairs: lines.at(-1)?.pairs };
}

export function unexplained(verdicts: readonly Verdict[]): readonly unknown[] {
  return verdicts.flatMap((verdict) => {
    const { operationId = '', url, status } = verdict;
    return verdict.errors
      .filter(({ code, path }) => !isExplained(operationId, code, `${status} ${url} ${path}`))
      .map((error) => ({ operation: operationId, url, status, ...error }));
  });
}

function isExplained(operationId: string, code: string, place: string): boolean {
  return EXPLAINED.some(
    ([operation, its, , where]) =>
      operation.test(operationId) && (its === code || its === '*') && where?.test(place) !== false,
  );
}
