import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Faults } from '@keyturn/azure-simulator/faults';
import { Random } from '@keyturn/azure-simulator/random';
import { afterAll, expect, test } from 'vitest';
import { areOn, CALLS, HOUR_MS, inAzure, isQuiet, MINUTE_MS, type Run, setIdOf } from '../a-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'keyturn-property-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SEEDS = Array.from({ length: 16 }, (_, seed) => seed + 1);
const KINDS = Object.values(CALLS);

/** Puts one fault of any kind on any call. */
function misfortune(faults: Faults, random: Random): void {
  const call = KINDS[upTo(random, KINDS.length) - 1] ?? CALLS.start;
  const matcher = { ...call, times: upTo(random, 3) };
  const code = { code: 'InternalServerError', message: 'Bad luck.' };
  const acts = [
    () => faults.refuseNext(matcher, { status: 409, ...code, code: 'OperationNotAllowed' }),
    () => faults.refuseNext(matcher, { status: 403, ...code, code: 'AuthorizationFailed' }),
    () => faults.refuseNext(matcher, { status: 500, ...code }),
    () => faults.throttleNext(matcher, upTo(random, 90)),
    () => faults.dropNext(matcher, 'before'),
    () => faults.dropNext(matcher, 'after'),
    () => faults.delayNext(matcher, upTo(random, 40_000)),
    () => faults.failOperationNext(matcher, code),
  ];
  acts[upTo(random, acts.length) - 1]?.();
}

function upTo(random: Random, most: number): number {
  return 1 + Math.floor(random.next() * most);
}

/** Lets time pass, killing the host now and then. */
async function passTime(run: Run, random: Random, kills: number): Promise<void> {
  const heartbeat = setInterval(() => undefined, MINUTE_MS);
  for (let left = kills; left > 0; left -= 1) {
    await run.time.advance(upTo(random, 60_000));
    run.app.host.kill();
    run.app = await run.app.restart();
  }
  await run.time.runUntil(() => isQuiet(run.app), 12 * HOUR_MS);
  clearInterval(heartbeat);
}

test.for(SEEDS)('keeps its promise whatever happens (seed %i)', async (seed) => {
  const random = new Random(seed);
  const vms = Array.from({ length: upTo(random, 4) }, (_, index) => ({
    name: `vm-${index + 1}`,
    dataDisks: upTo(random, 5) - 1,
    ...(random.next() < 0.2 ? { power: 'deallocated' as const } : {}),
  }));
  const faults = upTo(random, 6);
  const kills = upTo(random, 3) - 1;
  const policy = { retryRefusedAfterHours: 1 };
  const stateFile = join(folder, `${seed}.db`);
  await inAzure({ seed, vms, policy, stateFile }, async (run) => {
    for (let left = faults; left > 0; left -= 1) misfortune(run.simulator.faults, random);
    if (random.next() < 0.5) run.app.connectEvents();

    await run.app.runSweep();
    await passTime(run, random, kills);
    // A sweep meets at least one of the faults that are left; two more find nothing in the way.
    for (let sweeps = 3 * faults + 2; sweeps > 0; sweeps -= 1) {
      await run.time.advance(2 * HOUR_MS);
      await run.sweep();
      if (areOn(run.simulator.truth().disks, setIdOf(run.simulator)) && sweeps > 2) sweeps = 2;
    }

    for (const { name, firstPowerState, powerState, tags, deallocations } of run.simulator.truth()
      .vms) {
      expect([name, powerState]).toEqual([name, firstPowerState]);
      expect(tags).toEqual({});
      expect(areOn(run.disksOf(name), setIdOf(run.simulator))).toBe(true);
      expect(deallocations).toBeLessThanOrEqual(1 + 3 * faults);
    }
  });
});
