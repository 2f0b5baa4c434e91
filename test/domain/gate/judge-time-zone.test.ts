import { expect, test } from 'vitest';
import { judgeTimeZone } from '../../../src/domain/gate/judge-time-zone.ts';
import { WINDOW_TAG } from '../../../src/domain/policy/maintenance-window.ts';
import { aVm } from '../../support/builders.ts';

function codesOf(timeZone: string, tag: string | null = null): readonly string[] {
  const tags: Record<string, string> = tag === null ? {} : { [WINDOW_TAG]: tag };
  const windows = [{ days: ['sat' as const], fromMinute: 0, toMinute: 60, timeZone }];
  return judgeTimeZone(aVm({ tags }), { windows }).map(({ answer, code }) => `${answer} ${code}`);
}

test.for(['EST', 'est', 'MST'])('warns of %s, which knows no summer time', (timeZone) => {
  expect(codesOf(timeZone)).toEqual(['warn time-zone-fixed']);
});

test.for(['America/New_York', 'Etc/GMT+5', 'HST', 'CET', 'UTC'])('says nothing of %s', (zone) => {
  expect(codesOf(zone)).toEqual([]);
});

test("the VM's own window counts, in the place of the policy's", () => {
  expect(codesOf('UTC', 'Sat 00:00-01:00 EST')).toEqual(['warn time-zone-fixed']);
  expect(codesOf('EST', 'Sat 00:00-01:00 UTC')).toEqual([]);
  expect(codesOf('EST', 'whenever')).toEqual([]);
});
