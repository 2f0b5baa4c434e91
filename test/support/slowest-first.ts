import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take longest: begun last, one of them would keep the other worker waiting. */
const SLOWEST = [
  'test/fault-simulation/seeds.test.ts',
  'test/e2e/kill.test.ts',
  'test/orchestrators/conversion/many-vms.test.ts',
  'test/orchestrators/conversion/crash.test.ts',
  'test/e2e/commands.test.ts',
  'test/orchestrators/conversion/faults.test.ts',
  'test/e2e/demo.test.ts',
  'packages/functions-host/test/conformance.test.ts',
  'test/e2e/mistakes.test.ts',
  'test/e2e/script-simulator.test.ts',
];

/** The order of files in a run: what takes long first, whatever was run on this machine before. */
export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const place = ({ moduleId }: TestSpecification): number => {
      const found = SLOWEST.findIndex((file) => moduleId.endsWith(`/${file}`));
      return found < 0 ? SLOWEST.length : found;
    };
    return sorted.toSorted((a, b) => place(a) - place(b));
  }
}
