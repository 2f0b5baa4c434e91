import { expect, test } from 'vitest';
import { inAzure, MINUTE_MS } from '../a-run.ts';

const VMS = Array.from({ length: 20 }, (_, place) => ({ name: `vm-${place}`, dataDisks: 3 }));

/** Of these there is one for each VM or disk, or it is a list that is kept for ten seconds. */
const OWN = /\/(virtualMachines|disks)\/|\/(disks|locks|snapshots|restorePointCollections)\?/;
const RESOURCE_GRAPH = '/Microsoft.ResourceGraph/';

test('of twenty VMs that are converted at once, what they share is read once a minute', async () => {
  await inAzure({ vms: VMS }, async ({ line, simulator, convert }) => {
    const read = new Map<string, number[]>();
    line.hooks.push(({ method, url, headers }) => {
      // The first call on a vault is a challenge.
      const isShared = method === 'GET' && headers.has('authorization') && !OWN.test(url);
      if (isShared && !url.includes(RESOURCE_GRAPH)) {
        read.set(url, [...(read.get(url) ?? []), Date.now()]);
      }
      return 'pass';
    });

    await convert(`/subscriptions/${simulator.subscriptionId}`);

    const tooSoon = [...read].filter(([, at]) =>
      at.some((ms, place) => ms - (at[place - 1] ?? Number.NEGATIVE_INFINITY) < MINUTE_MS),
    );
    expect(tooSoon.map(([url]) => url)).toEqual([]);
    expect(read.size).toBeGreaterThan(8);
    const { disks, vms } = simulator.truth();
    expect(disks.filter(({ diskEncryptionSetId }) => diskEncryptionSetId !== null)).toHaveLength(
      80,
    );
    expect(vms.every(({ powerState }) => powerState === 'running')).toBe(true);
    expect(line.requests.length / VMS.length).toBeLessThan(MOST_CALLS_PER_VM);
  });
});

/** Of a VM with four disks; most are its own disks, read before and while they change. */
const MOST_CALLS_PER_VM = 45;
