import { defineConfig } from 'vitest/config';
import { SlowestFirst } from './test/support/slowest-first.ts';

/** No socket, no process, no clock: they share one module graph, and run before all others. */
const UNIT = ['test/{domain,events,policy,report}/**/*.test.ts', 'test/cli/render/**/*.test.ts'];
/** They take a core for the better part of a minute: for CI, and for who changes what they hold. */
const LONG = [
  'test/e2e/{azure-cli,azure-sdk-python,demo,dist,kill,mistakes,script-simulator}.test.ts',
  'test/orchestrators/conversion/{crash,downtime,least-privilege,many-vms}.test.ts',
  'test/orchestrators/request/many.test.ts',
  'packages/functions-host/test/crash.test.ts',
];
const INTEGRATION = [
  'test/{azure,activities,durable,fault-simulation,functions,orchestrators}/**/*.test.ts',
  'test/cli/**/*.test.ts',
  'test/*.test.ts',
  'packages/*/test/**/*.test.ts',
];
const setupFiles = ['test/support/setup.ts'];

export default defineConfig({
  test: {
    // Vitest leaves one core to itself, and waits while the tests run.
    maxWorkers: 2,
    // What tests make is soon of no use: collected less often, that costs a tenth less.
    execArgv: ['--max-semi-space-size=64'],
    sequence: { sequencer: SlowestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: UNIT,
          isolate: false,
          testTimeout: 20_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'integration',
          include: INTEGRATION,
          exclude: [...UNIT, ...LONG],
          // Each file would load the SDKs anew.
          isolate: false,
          setupFiles,
          testTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'e2e',
          // The store's start Azurite, one for each file.
          include: ['test/{e2e,store}/**/*.test.ts'],
          exclude: LONG,
          setupFiles,
          testTimeout: 180_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'long',
          include: LONG,
          setupFiles,
          testTimeout: 300_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
