import { expect, test } from 'vitest';
import { type Act, type Caller, objectionToCaller } from '../../../src/domain/people/caller.ts';

const person = { objectId: '11111111-0000-0000-0000-000000000001', name: 'anna@contoso.com' };

test.for<[objection: string | null, kind: Caller['kind'], roles: readonly string[], act: Act]>([
  [null, 'person', ['keyturn.approve'], 'approve'],
  [null, 'person', ['other', 'keyturn.approve'], 'convert'],
  [null, 'person', ['keyturn.convert'], 'convert'],
  [null, 'application', ['keyturn.convert'], 'convert'],
  [null, 'application', ['keyturn.approve'], 'convert'],
  ['no-person', 'application', ['keyturn.approve'], 'approve'],
  ['role-missing', 'application', ['keyturn.convert'], 'approve'],
  ['role-missing', 'person', ['keyturn.convert'], 'approve'],
  ['role-missing', 'person', [], 'convert'],
  ['role-missing', 'person', ['other', ''], 'approve'],
])('objects by %s to a %s with %j who wants to %s', ([objection, kind, roles, act]) => {
  expect(objectionToCaller({ person, kind, roles }, act)).toBe(objection);
});
