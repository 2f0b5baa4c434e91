import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXPLAINED, pairsIn, unexplained } from '../../packages/azure-simulator/test/explained.ts';
import { judge, NO_JUDGE } from '../../packages/azure-simulator/test/judge.ts';
import type { RecordedExchange } from './record-traffic.ts';
import { TrafficSamples } from './traffic-samples.ts';

/** Our own SDKs, and the real clients of Azure; what a test asks by hand is none of theirs. */
const OURS = /^azsdk-js-/;
const CLIENTS = /^(azsdk-|AZURECLI\/|python\/)/;

/*
 *   node test/support/judge-traffic.ts FOLDER
 *
 * Judges what the tests wrote into KEYTURN_TRAFFIC, all of it at once: of our SDKs strictly, of all
 * clients by the nearest version too. Ends with 1 for a violation that no one of the list explains.
 */
const [folder = ''] = process.argv.slice(2);
if (NO_JUDGE === null) process.exitCode = await judgeAll(recordedIn(folder));
else say(`skipped: ${NO_JUDGE}`);

async function judgeAll(recorded: readonly RecordedExchange[]): Promise<number> {
  const samples = new TrafficSamples();
  const kept = recorded.filter((exchange) => isJudged(exchange) && samples.isNew(exchange));
  const ours = kept.filter((exchange) => exchange.kind !== undefined || OURS.test(agent(exchange)));
  const [strict, near] = await Promise.all([judge(ours), judge(kept, '--near')]);
  const verdicts = [...strict.verdicts, ...near.verdicts];
  const left = unexplained(verdicts);
  for (const one of left) say(`violation: ${JSON.stringify(one)}`);
  const tests = new Set(kept.map(({ test }) => test)).size;
  say(
    `${kept.length} kinds of exchanges of ${tests} test files judged, ${strict.pairs} strictly: ` +
      `${left.length} violations outside ${pairsIn(verdicts).length} explained pairs of ${EXPLAINED.length}`,
  );
  const complete = strict.pairs === ours.length && near.pairs === kept.length;
  return left.length === 0 && complete && EXPLAINED.length <= 10 ? 0 : 1;
}

function isJudged(exchange: RecordedExchange): boolean {
  // What a fault answered is of its own making.
  if (exchange.injected) return false;
  if (exchange.kind !== undefined) return true;
  // The identity endpoint is in no document.
  return exchange.url.startsWith('https:') && CLIENTS.test(agent(exchange));
}

function agent({ requestHeaders }: RecordedExchange): string {
  return requestHeaders['user-agent'] ?? '';
}

function recordedIn(path: string): readonly RecordedExchange[] {
  return readdirSync(path).flatMap((file) =>
    readFileSync(join(path, file), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line)),
  );
}

function say(text: string): void {
  process.stdout.write(`traffic: ${text}\n`);
}
