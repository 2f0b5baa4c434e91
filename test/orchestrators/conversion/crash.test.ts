import { beforeAll, expect, test } from 'vitest';
import { LastingState } from '../../support/lasting-state.ts';
import { areOn, HOUR_MS, inAzure, isQuiet, type Run, setIdOf, standing } from '../a-run.ts';

const VMS = [{ name: 'vm-1', dataDisks: 1 }];

interface Journey {
  readonly commits: number;
  readonly kills: number;
  readonly calls: number;
}

let commitsInAll = 0;
let callsInAll = 0;
beforeAll(async () => {
  ({ commits: commitsInAll, calls: callsInAll } = await travel([], () => undefined));
});

/**
 * Converts a VM by a sweep; kills the host right after a commit, for each number in `kills` that
 * many commits after the start before, and starts it again.
 */
async function travel(
  kills: readonly number[],
  check: (run: Run) => unknown,
  killAtCall = 0,
): Promise<Journey> {
  const left = [...kills];
  const journey = { commits: 0, kills: 0, calls: 0 };
  let sinceStart = 0;
  let isUp = true;
  let kill = (): void => undefined;
  const afterCommit = () => {
    journey.commits += 1;
    sinceStart += 1;
    if (sinceStart !== left[0]) return;
    left.shift();
    journey.kills += 1;
    // A host that is still starting is killed as soon as it has.
    if (isUp) kill();
    isUp = false;
  };
  const state = new LastingState();
  await inAzure({ vms: VMS, stateFile: state.path, afterCommit }, async (run) => {
    kill = () => run.app.host.kill();
    run.line.hooks.push(async (request) => {
      if (run.line.requests.length !== killAtCall) return 'pass';
      // Azure takes the call, and nobody hears the answer.
      await run.direct.sendRequest(request);
      isUp = false;
      kill();
      return new Promise(() => undefined);
    });
    const restartIfKilled = async () => {
      while (!isUp) {
        isUp = true;
        sinceStart = 0;
        const starting = { kill };
        kill = () => undefined;
        run.app = await run.app.restart();
        kill = starting.kill;
        if (!isUp) kill();
      }
    };
    // A killed host leaves no timer behind that would move time to its restart.
    const heartbeat = setInterval(() => undefined, 5_000);
    sinceStart = 0;
    void run.app.runSweep().catch(() => undefined);
    await run.time.runUntil(async () => {
      await restartIfKilled();
      if (run.vm().starts === 0) return false;
      return isUp && (await isQuiet(run.app));
    }, 3 * HOUR_MS);
    clearInterval(heartbeat);
    journey.calls = run.line.requests.length;
    await check(run);
  });
  state.close();
  return journey;
}

async function expectConverted(run: Run): Promise<void> {
  expect(standing(run.vm())).toEqual({
    powerState: 'running',
    deallocations: 1,
    starts: 1,
    marked: false,
  });
  expect(areOn(run.disksOf(), setIdOf(run.simulator))).toBe(true);
  expect((await run.view()).outcome).toMatchObject({ kind: 'converted' });
}

test('converts a VM although the host is killed after any commit of it', async () => {
  // The very first commits start the sweep: killed there, nobody has asked for anything yet.
  expect(commitsInAll).toBeGreaterThan(30);
  let kills = 0;
  for (let k = 2; k <= commitsInAll; k += 1) {
    const journey = await travel([k], expectConverted).catch((cause: unknown) => {
      throw new Error(`killed after commit ${k} of ${commitsInAll}`, { cause });
    });
    kills += journey.kills;
  }
  expect(kills).toBeGreaterThan(commitsInAll - 10);
});

test('converts a VM although the host is killed after Azure took any call of it', async () => {
  expect(callsInAll).toBeGreaterThan(20);
  for (let call = 1; call <= callsInAll; call += 1) {
    await travel([], expectConverted, call).catch((cause: unknown) => {
      throw new Error(`killed after call ${call} of ${callsInAll}`, { cause });
    });
  }
});

test.for([3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 33])(
  'converts a VM although the host is killed twice in a row, first after commit %i',
  async (k) => {
    for (const again of [1, 2, 3, 5]) {
      await travel([k, again], expectConverted).catch((cause: unknown) => {
        throw new Error(`killed after commits ${k} and ${again}`, { cause });
      });
    }
  },
);
