import { expect, test } from 'vitest';
import { CHECKS, type CheckCode } from '../../../src/domain/gate/checks.ts';
import { DOCS } from '../../../src/domain/gate/documents.ts';
import { EXEMPTABLE_CHECKS } from '../../../src/domain/gate/exemptable-checks.ts';
import { unreadableVerdict, verdict } from '../../../src/domain/gate/verdict.ts';
import { vmId } from '../../support/builders.ts';

const CODES = Object.keys(CHECKS) as CheckCode[];
const GRANT_IT = 'Give keyturn the right to read it, or exempt the check in the policy.';
const PAGE = /^https:\/\/learn\.microsoft\.com\/azure(\/[a-z0-9-]+){2,}(#[a-z0-9-]+)?$/;

/** What passes, and what only Azure can tell. */
const NOTHING_TO_DO: readonly CheckCode[] = [
  'disk-encryption-history',
  'restore-points-history',
  'set',
  'key',
  'key-grant-of-hsm',
];

test('every check but those that ask for nothing says in a sentence what to do', () => {
  const silent = CODES.filter((code) => CHECKS[code].fix === '');
  const unclear = CODES.filter((code) => !/^([A-Z].+\.)?$/.test(CHECKS[code].fix));

  expect(silent).toEqual(NOTHING_TO_DO);
  expect(unclear).toEqual([]);
});

test('what could not be read is fixed by the right to read it', () => {
  const unreadable = CODES.filter((code) => /-unreadable$/.test(code));
  const otherwise = unreadable.filter((code) => CHECKS[code].fix !== GRANT_IT);

  expect(unreadable.length).toBeGreaterThan(10);
  expect(otherwise).toEqual(['window-unreadable', 'set-unreadable']);
});

test('every check rests on a page of Microsoft, and no two pages are one', () => {
  const pages: readonly string[] = Object.values(DOCS);

  expect(pages.filter((page) => !PAGE.test(page))).toEqual([]);
  expect(CODES.filter((code) => !pages.includes(CHECKS[code].docs))).toEqual([]);
  expect(new Set(pages).size).toBe(pages.length);
});

test('a verdict says what to do, unless all is well', () => {
  const { fix, docs } = CHECKS['key-disabled'];
  const rest = { code: 'key-disabled', message: 'It is.', docs, target: vmId('vm-1') };

  const [blocked, passed] = (['blocked', 'pass'] as const).map((answer) =>
    verdict(answer, 'key-disabled', 'It is.', vmId('vm-1')),
  );

  expect(blocked).toEqual({ answer: 'blocked', fix, ...rest });
  expect(passed).toEqual({ answer: 'pass', fix: '', ...rest });
});

test("what Azure refused to show is said with Azure's own code", () => {
  expect(unreadableVerdict('AuthorizationFailed', 'No right.', vmId('vm-1'))).toEqual({
    answer: 'unreadable',
    code: 'AuthorizationFailed',
    message: 'No right.',
    fix: 'Give keyturn the right to read it, or wait until Azure answers again.',
    docs: DOCS.rights,
    target: vmId('vm-1'),
  });
});

test('may be exempt: what could not be read or told, what a deallocation risks, and a key near its end', () => {
  const unreadable = CODES.filter((code) => /-unreadable$/.test(code));
  const exemptable: readonly string[] = EXEMPTABLE_CHECKS;

  expect(unreadable.filter((code) => !exemptable.includes(code))).toEqual([
    'window-unreadable',
    'set-unreadable',
  ]);
  expect(exemptable.filter((code) => !/-unreadable$/.test(code))).toEqual([
    'key-near-expiry',
    'key-grant',
    'dynamic-public-ip',
    'temporary-disk',
    'spot',
    'size-restricted',
    'dedicated-host',
    'capacity-reservation',
    'proximity-placement-group',
    'scale-set-model',
    'site-recovery',
    'auto-shutdown',
    'backup-running',
  ]);
});
