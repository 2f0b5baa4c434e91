import { expect, test } from 'vitest';
import { judgeCounts } from '../../../src/domain/gate/judge-counts.ts';

test.for<
  [code: string | null, eligible: number, total: number, limits: [number | null, number | null]]
>([
  [null, 0, 0, [1, 1]],
  [null, 500, 500, [500, null]],
  ['too-many-resources', 501, 501, [500, null]],
  [null, 1_000_000, 1_000_000, [null, null]],
  [null, 10, 100, [500, 10]],
  ['too-large-share', 11, 100, [500, 10]],
  ['too-large-share', 1, 0, [500, 10]],
  [null, 1, 8, [null, 12.5]],
  ['too-many-resources', 600, 600, [500, 10]],
])('%s: %i of %i under %j', ([code, eligible, total, [maxResources, maxPercent]]) => {
  const judgement = judgeCounts({ eligible, total }, { maxResources, maxPercent });

  expect(judgement).toMatchObject(code === null ? { kind: 'fine' } : { kind: 'too-many', code });
});
