import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/{domain,events,policy,report}/**/*.test.ts', 'test/*.test.ts'],
        },
      },
      {
        test: {
          name: 'integration',
          include: [
            'test/{azure,activities,durable,fault-simulation,orchestrators,functions,store}/**/*.test.ts',
            'packages/*/test/**/*.test.ts',
          ],
          setupFiles: ['test/support/setup.ts'],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/{cli,e2e}/**/*.test.ts'],
          setupFiles: ['test/support/setup.ts'],
          testTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
