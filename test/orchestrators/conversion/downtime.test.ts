import { expect, test } from 'vitest';
import { downtime } from '../../../bench/downtime.ts';

test('keeps a VM off hardly longer than Azure needs, with few looks', async () => {
  const { ratioMedian, ratioP95, pollsMean, hopsMax, draws } = await downtime(15);

  expect(draws).toBe(45);
  expect(ratioMedian).toBeLessThanOrEqual(1.15);
  expect(ratioP95).toBeLessThanOrEqual(1.3);
  expect(pollsMean).toBeLessThanOrEqual(15);
  expect(hopsMax).toBeLessThanOrEqual(4);
});
