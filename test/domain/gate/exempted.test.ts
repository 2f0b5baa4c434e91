import { expect, test } from 'vitest';
import { exempted } from '../../../src/domain/gate/exempted.ts';
import { verdict } from '../../../src/domain/gate/verdict.ts';
import { aPolicy, diskId, GROUP, KEY_URL, vmId } from '../../support/builders.ts';

const untilMs = Date.UTC(2026, 6, 1);
const policy = aPolicy({
  exemptions: [
    { check: 'key-unreadable', scope: GROUP, owner: 'erp-team', reason: 'Firewall.', untilMs },
  ],
});

test('what is exempt stands as a warning that names who answers for it', () => {
  const unreadable = verdict('unreadable', 'key-unreadable', 'No right.', KEY_URL);

  expect(exempted(unreadable, { id: diskId('d') }, { id: vmId('v') }, policy, 0)).toEqual({
    ...unreadable,
    answer: 'warn',
    message: 'No right. Exempted by erp-team until 2026-06-30: Firewall.',
  });
});

test.for<['pass' | 'warn' | 'undecidable']>([['pass'], ['warn'], ['undecidable']])(
  'what does not stand in the way needs no exemption: %s',
  ([answer]) => {
    const harmless = verdict(answer, 'key-unreadable', 'Well.', KEY_URL);

    expect(exempted(harmless, { id: diskId('d') }, null, policy, 0)).toBe(harmless);
  },
);
