import { expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../../src/policy/parse-policy.ts';
import { areOn, inAzure, MINUTE_MS, type Run, setIdOf, standing } from '../a-run.ts';

const { caps: DEFAULT_CAPS } = DEFAULT_POLICY;
const ONCE = { powerState: 'running', deallocations: 1, starts: 1, marked: false };

test('converts many VMs at once within the limits of Azure, each in one outage', async () => {
  const vms = Array.from({ length: 100 }, (_, vm) => ({ name: `vm-${vm + 1}`, dataDisks: 3 }));
  const caps = { ...DEFAULT_CAPS, vms: null };
  await inAzure({ vms, policy: { caps } }, async (run) => {
    await run.sweep();

    const { vms: seen, throttled } = run.simulator.truth();
    expect(seen.map(standing)).toEqual(seen.map(() => ONCE));
    expect(areOn(run.simulator.truth().disks, setIdOf(run.simulator))).toBe(true);
    const longestMs = Math.max(
      ...seen.flatMap(({ downtimes, limitMs }) =>
        downtimes.map(
          ({ deallocateRequestedAt, runningAt }) =>
            Date.parse(runningAt ?? '') - Date.parse(deallocateRequestedAt) - limitMs,
        ),
      ),
    );
    expect(throttled).toBeGreaterThan(0);
    expect(longestMs).toBeLessThan(1.5 * MINUTE_MS);
  });
});

test('never has more VMs off than the cap, and gives each place on as it becomes free', async () => {
  const vms = Array.from({ length: 12 }, (_, vm) => ({ name: `vm-${vm + 1}` }));
  await inAzure({ vms, policy: { caps: { ...DEFAULT_CAPS, vms: 3 } } }, async (run) => {
    await run.sweep();

    const { vms: seen } = run.simulator.truth();
    expect(seen.map(standing)).toEqual(seen.map(() => ONCE));
    expect(mostOffAtOnce(seen)).toBe(3);
  });
});

test('has VMs of one group off one at a time, and others meanwhile', async () => {
  const vms = ['dc-1', 'dc-2', 'dc-3', 'other'].map((name) => ({
    name,
    ...(name === 'other' ? {} : { tags: { 'keyturn:group': 'dc' } }),
  }));
  await inAzure({ vms }, async (run) => {
    await run.sweep();

    const { vms: seen } = run.simulator.truth();
    expect(seen.map(({ powerState, deallocations }) => [powerState, deallocations])).toEqual(
      seen.map(() => ['running', 1]),
    );
    expect(mostOffAtOnce(seen.filter(({ name }) => name !== 'other'))).toBe(1);
    expect(mostOffAtOnce(seen)).toBe(2);
  });
});

/** By when Azure was asked to deallocate each, and when it ran again. */
function mostOffAtOnce(vms: ReturnType<Run['simulator']['truth']>['vms']): number {
  const changes = vms
    .flatMap(({ downtimes }) => downtimes)
    .flatMap(({ deallocateRequestedAt, runningAt }) => [
      { at: Date.parse(deallocateRequestedAt), by: 1 },
      { at: Date.parse(runningAt ?? ''), by: -1 },
    ])
    .toSorted((a, b) => a.at - b.at || a.by - b.by);
  let off = 0;
  return Math.max(...changes.map(({ by }) => (off += by)));
}
