import { expect, test } from 'vitest';
import { type AlertType, alertAbout } from '../../../src/domain/alert/alert.ts';
import { vmId } from '../../support/builders.ts';

test.for<[type: AlertType, severity: string]>([
  ['vm-left-off', 'Sev1'],
  ['vm-maybe-left-off', 'Sev1'],
  ['set-stopped', 'Sev1'],
  ['everything-stopped', 'Sev1'],
  ['vm-still-marked', 'Sev2'],
  ['too-many-eligible', 'Sev2'],
  ['journal-late', 'Sev2'],
  ['conversion-failed', 'Sev3'],
  ['approval-needed', 'Sev4'],
])('%s is %s, and is about one target in whatever case', ([type, severity]) => {
  const alert = alertAbout(type, vmId('VM-1'), 'Start it.', 'AllocationFailed');

  expect(alert).toEqual({
    type,
    severity,
    key: `${type} ${vmId('vm-1').toLowerCase()}`,
    target: vmId('VM-1'),
    summary: 'Start it.',
    code: 'AllocationFailed',
  });
});

test('has no code where Azure gave none', () => {
  expect(alertAbout('journal-late', 'keyturn', 'Look at the store.').code).toBeNull();
});
