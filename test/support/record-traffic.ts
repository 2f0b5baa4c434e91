import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXCHANGES } from '@keyturn/azure-simulator/exchanges';
import type { Exchange } from '@keyturn/azure-simulator/gateway';
import { TrafficSamples } from './traffic-samples.ts';

/** A line of a recording: an exchange, and the file of the test that made it. */
export interface RecordedExchange extends Exchange {
  readonly test: string;
}

const { KEYTURN_TRAFFIC: folder } = process.env;
const samples = new TrafficSamples();

/*
 * Writes samples of what simulators are asked and answer into the folder KEYTURN_TRAFFIC, for
 * `judge-traffic.ts`; without it, nothing. Imported by the processes of tests and by those that they
 * start.
 */
if (folder) {
  const file = join(folder, `${process.pid}.jsonl`);
  EXCHANGES.subscribe((message) => {
    const exchange = message as Exchange;
    if (!samples.isNew(exchange)) return;
    const recorded: RecordedExchange = { ...exchange, test: process.env['KEYTURN_TEST'] ?? '' };
    appendFileSync(file, `${JSON.stringify(recorded)}\n`);
  });
}
