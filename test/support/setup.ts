import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'vitest';
import './record-traffic.ts';

/** What a test's own processes need to write down their traffic, too. */
if (process.env['KEYTURN_TRAFFIC']) {
  const listener = pathToFileURL(`${import.meta.dirname}/record-traffic.ts`).href;
  process.env['NODE_OPTIONS'] = `--import=${listener}`;
  process.env['KEYTURN_TEST'] = basename(expect.getState().testPath ?? '');
}
