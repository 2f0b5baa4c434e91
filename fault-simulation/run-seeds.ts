import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';

/** What came of one seed. */
export interface SeedResult {
  readonly seed: number;
  /** Sentences, the earliest first. */
  readonly violations: readonly string[];
  /** Of all that reached the simulated Azure. */
  readonly digest: string;
}

interface Options {
  /** The sources that are played: the repository, or a copy of it. */
  readonly root: string;
  readonly seeds: readonly number[];
  readonly workers: number;
  /** Whether that was enough. */
  readonly onResult: (result: SeedResult) => 'go-on' | 'enough';
}

/** A story makes much that is soon of no use: collected less often, that costs a tenth less. */
const MUCH_GARBAGE = ['--max-semi-space-size=64'];

/** A seed that takes longer than this has got stuck. */
const LONGEST_MS = 120_000;

/** Plays seeds in processes of their own. */
export async function runSeeds({ root, seeds, workers, onResult }: Options): Promise<void> {
  const waiting = [...seeds];
  const work = async (): Promise<void> => {
    let worker = start(root);
    for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
      const result = await played(worker, seed);
      if (result.digest === '') {
        worker.kill();
        worker = start(root);
      }
      if (onResult(result) === 'enough') waiting.length = 0;
    }
    worker.disconnect();
  };
  await Promise.all(Array.from({ length: workers }, work));
}

function start(root: string): ChildProcess {
  return fork(join(root, 'fault-simulation', 'worker.ts'), {
    stdio: ['ignore', 2, 2, 'ipc'],
    execArgv: [...process.execArgv, ...MUCH_GARBAGE],
  });
}

function played(worker: ChildProcess, seed: number): Promise<SeedResult> {
  return new Promise((resolve) => {
    const end = (result: SeedResult): void => {
      clearTimeout(timer);
      worker.removeAllListeners();
      resolve(result);
    };
    const failed = (why: string) => () => end({ seed, violations: [why], digest: '' });
    const timer = setTimeout(failed(`the play took more than ${LONGEST_MS} ms`), LONGEST_MS);
    worker.once('message', (result: SeedResult) => end(result));
    worker.once('exit', failed('the process ended'));
    worker.send(seed);
  });
}
