import { expect, test } from 'vitest';
import { judgeDisk } from '../../../src/domain/gate/judge-disk.ts';
import { exemptionOf } from '../../../src/domain/policy/exemption-of.ts';
import {
  aDisk,
  aPolicy,
  diskId,
  GROUP,
  KEY_URL,
  someDiskFacts,
  unreadable,
  vmId,
} from '../../support/builders.ts';

const NOW_MS = Date.UTC(2026, 5, 1);

function policyWith(scope: string, untilMs = NOW_MS + 1) {
  const answered = { scope, owner: 'erp-team', reason: 'firewall', untilMs };
  return aPolicy({ exemptions: [{ check: 'key-unreadable', ...answered }] });
}

test.for<[isExempt: boolean, what: string, check: string, scope: string, untilMs?: number]>([
  [true, 'its group', 'key-unreadable', GROUP],
  [true, 'itself', 'key-unreadable', diskId('d')],
  [true, 'its VM', 'key-unreadable', vmId('v')],
  [false, 'another VM', 'key-unreadable', vmId('v-2')],
  [false, 'another check', 'set-unreadable', GROUP],
  [false, 'its end', 'key-unreadable', GROUP, NOW_MS],
])('%s: a disk by %s', ([isExempt, , check, scope, untilMs]) => {
  const policy = policyWith(scope, untilMs);
  const exemption = exemptionOf(check, { id: diskId('d') }, { id: vmId('v') }, policy, NOW_MS);

  expect(exemption !== null).toBe(isExempt);
});

test('a disk is converted though the exempt check did not pass, and only that one', () => {
  const facts = someDiskFacts({ key: { url: KEY_URL, reading: unreadable() } });
  const policy = policyWith(aDisk().id);

  expect(judgeDisk(facts, policy, NOW_MS)).toMatchObject({ kind: 'convert' });
  expect(judgeDisk({ ...facts, incrementalSnapshots: unreadable() }, policy, NOW_MS)).toMatchObject(
    { kind: 'blocked', verdicts: [{ code: 'incremental-snapshots-unreadable' }] },
  );
  expect(judgeDisk(facts, policy, NOW_MS + 1)).toMatchObject({ kind: 'blocked' });
});

test('a disk that no VM holds is exempt by its own place alone', () => {
  const of = (scope: string) =>
    exemptionOf('key-unreadable', { id: diskId('d') }, null, policyWith(scope), NOW_MS);

  expect(of(vmId('v'))).toBeNull();
  expect(of(GROUP)).toMatchObject({ owner: 'erp-team' });
});
