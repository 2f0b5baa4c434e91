import { expect, test } from 'vitest';
import { areOn, inAzure, MINUTE_MS, setIdOf, standing } from './a-run.ts';

const ONCE = { powerState: 'running', deallocations: 1, starts: 1, marked: false };

test('converts many VMs at once within the limits of Azure, each in one outage', async () => {
  const vms = Array.from({ length: 100 }, (_, vm) => ({ name: `vm-${vm + 1}`, dataDisks: 3 }));
  await inAzure({ vms }, async (run) => {
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
    expect(longestMs).toBeLessThan(MINUTE_MS);
  });
});
