import {
  createSimulator,
  type Simulator,
  type SimulatorOptions,
} from '@keyturn/azure-simulator/simulator';
import { withVirtualTime } from '@keyturn/functions-host/virtual-time';
import { enforcingPolicy, startSimulatedApp } from '../test/support/simulated-app.ts';
import { addUsualSet, addUsualVm } from './estates.ts';
import { plainScript } from './plain-script.ts';

const DRAWS_PER_SIZE = 200;
const SIZES = [1, 4, 16] as const;
const START = '2026-03-01T08:00:00Z';

interface Draw {
  readonly disks: number;
  readonly ratio: number;
  readonly scriptRatio: number;
  /** Looks at the VM, and rounds of looks at its disks, from deallocation to running. */
  readonly polls: number;
  /** Requests behind these polls. */
  readonly reads: number;
  readonly hops: number;
}

/**
 * How long a VM is off, divided by the least that Azure's own operations allow, in virtual time;
 * and a plain script on the same drawn durations.
 */
export async function downtime(drawsPerSize = DRAWS_PER_SIZE) {
  const draws: Draw[] = [];
  for (const disks of SIZES) {
    for (let seed = 1; seed <= drawsPerSize; seed++) draws.push(await draw(seed, disks));
  }
  const ratios = draws.map(({ ratio }) => ratio);
  const polls = draws.map((each) => each.polls);
  return {
    benchmark: 'downtime',
    draws: draws.length,
    disksPerVm: SIZES,
    ratioMedian: rounded(quantile(ratios, 0.5)),
    ratioP95: rounded(quantile(ratios, 0.95)),
    ratioMax: rounded(Math.max(...ratios)),
    pollsMean: rounded(mean(polls)),
    pollsMax: Math.max(...polls),
    readsMean: rounded(mean(draws.map(({ reads }) => reads))),
    hopsMax: Math.max(...draws.map(({ hops }) => hops)),
    scriptRatioMedian: rounded(
      quantile(
        draws.map(({ scriptRatio }) => scriptRatio),
        0.5,
      ),
    ),
    timesFasterThanScript: rounded(
      quantile(
        draws.map(({ ratio, scriptRatio }) => scriptRatio / ratio),
        0.5,
      ),
    ),
    bySize: Object.fromEntries(
      SIZES.map((size) => {
        const ofSize = draws.filter((each) => each.disks === size);
        const of = (pick: (each: Draw) => number) => ofSize.map(pick);
        return [
          size,
          {
            ratioMedian: rounded(
              quantile(
                of(({ ratio }) => ratio),
                0.5,
              ),
            ),
            ratioP95: rounded(
              quantile(
                of(({ ratio }) => ratio),
                0.95,
              ),
            ),
            pollsMean: rounded(mean(of((each) => each.polls))),
            scriptRatioMedian: rounded(
              quantile(
                of(({ scriptRatio }) => scriptRatio),
                0.5,
              ),
            ),
          },
        ];
      }),
    ),
  };
}

async function draw(seed: number, disks: number): Promise<Draw> {
  const ours = await withVirtualTime(START, (time) => convert(time, seed, disks));
  const script = await withVirtualTime(START, async (time) => {
    const simulator = anEstate(seed, disks);
    const [vm] = simulator.truth().vms;
    const ids = simulator.truth().disks.map(({ id }) => id);
    const [rule] = enforcingPolicy(simulator).encryptionSets;
    const encryption = {
      type: 'EncryptionAtRestWithCustomerKey',
      diskEncryptionSetId: rule?.set,
    };
    let done = false;
    const work = plainScript(simulator, vm?.id ?? '', ids, encryption).then(() => {
      done = true;
    });
    await time.runUntil(() => done);
    await work;
    simulator.close();
    return downtimeMs(simulator);
  });
  return { ...ours, disks, scriptRatio: script / ours.limitMs };
}

type Time = Parameters<Parameters<typeof withVirtualTime>[1]>[0];

async function convert(time: Time, seed: number, disks: number) {
  const requests: { method: string; path: string; at: number }[] = [];
  const simulator = anEstate(seed, disks, (exchange) => {
    const { pathname } = new URL(exchange.url);
    requests.push({ method: exchange.method, path: pathname, at: Date.now() });
  });
  const app = await startSimulatedApp({ simulator });
  const [vm] = simulator.truth().vms;
  const asked = await app.ask('POST', '/api/conversions', { target: vm?.id });
  if (asked.status !== 202) throw new Error(JSON.stringify(asked.body));
  const isOver = () => (simulator.truth().vms[0]?.downtimes[0]?.runningAt ?? null) !== null;
  await time.runUntil(isOver);
  let view = (await app.conversions()).find(({ kind }) => kind === 'vm');
  await time.runUntil(async () => {
    view = (await app.conversions()).find(({ kind }) => kind === 'vm');
    return view?.status !== 'Running';
  });
  if (view?.status !== 'Succeeded') throw new Error(JSON.stringify(view));

  const path = `/runtime/webhooks/durabletask/instances/${view.id}?showHistory=true&showHistoryOutput=true`;
  const history = (await app.ask('GET', path)).body as { historyEvents: HistoryEvent[] };
  const { limitMs, downtimes } = simulator.truth().vms[0] ?? { limitMs: 1, downtimes: [] };
  const off = Date.parse(downtimes[0]?.deallocateRequestedAt ?? '');
  const result = {
    ratio: downtimeMs(simulator) / limitMs,
    limitMs,
    hops: hopsIn(history.historyEvents),
    ...pollsAfter(off, requests),
  };
  await app.host.stop();
  simulator.close();
  return result;
}

interface HistoryEvent {
  readonly EventType: string;
  readonly FunctionName?: string;
  readonly Result?: { readonly value?: { readonly powerState?: string } };
}

/** Activities and timers between the look that saw `deallocated` and the start, that included. */
function hopsIn(events: readonly HistoryEvent[]): number {
  const seen = events.findIndex(
    ({ FunctionName, Result }) =>
      FunctionName === 'watchVm' && Result?.value?.powerState === 'deallocated',
  );
  const sent = events.findIndex(
    ({ FunctionName }, place) => place > seen && FunctionName === 'startVm',
  );
  if (seen === -1 || sent === -1) throw new Error('The history shows no deallocation or no start.');
  return events
    .slice(seen + 1, sent + 1)
    .filter(({ EventType }) => EventType === 'TaskCompleted' || EventType === 'TimerFired').length;
}

function pollsAfter(
  offMs: number,
  requests: readonly { method: string; path: string; at: number }[],
): { polls: number; reads: number } {
  // The mark is taken away when the VM was seen to run.
  const seenMs = requests.findLast(({ path }) => path.endsWith('/tags/default'))?.at ?? Infinity;
  const reads = requests.filter(({ method, at }) => method === 'GET' && at >= offMs && at < seenMs);
  const ofVm = reads.filter(({ path }) => /\/virtualMachines\/[^/]+$/i.test(path));
  const ofDisks = reads.filter(({ path }) => /\/disks\/[^/]+$/i.test(path));
  const rounds = new Set(ofDisks.map(({ at }) => at)).size;
  return { polls: ofVm.length + rounds, reads: ofVm.length + ofDisks.length };
}

function anEstate(seed: number, disks: number, record?: SimulatorOptions['record']): Simulator {
  const simulator = createSimulator({ seed, ...(record ? { record } : {}) });
  addUsualSet(simulator);
  addUsualVm(simulator, 'vm-1', disks);
  return simulator;
}

function downtimeMs(simulator: Simulator): number {
  const [downtime] = simulator.truth().vms[0]?.downtimes ?? [];
  if (!downtime?.runningAt) throw new Error('The VM does not run.');
  return Date.parse(downtime.runningAt) - Date.parse(downtime.deallocateRequestedAt);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(Math.floor(share * sorted.length), sorted.length - 1)] ?? Number.NaN;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
