import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Key } from '../../../src/domain/azure/key.ts';
import type { Reading } from '../../../src/domain/azure/reading.ts';
import { judgeKey } from '../../../src/domain/gate/judge-key.ts';
import { aKey, KEY_URL, read, unreadable } from '../../support/builders.ts';

const NOW_MS = Date.UTC(2026, 5, 1);
const DAY_MS = 86_400_000;
const MARGIN_DAYS = 7;

test.for<[answer: string, code: string, reading: Reading<Key | null>]>([
  ['pass', 'key', read(aKey())],
  ['pass', 'key', read(aKey({ notBeforeMs: NOW_MS }))],
  ['pass', 'key', read(aKey({ expiresAtMs: NOW_MS + MARGIN_DAYS * DAY_MS + 1 }))],
  ['pass', 'key', read(aKey({ type: 'RSA-HSM', sizeBits: 4096 }))],
  ['pass', 'key', read(aKey({ type: null, sizeBits: null }))],
  ['blocked', 'key-type-unsupported', read(aKey({ type: 'EC-HSM', sizeBits: null }))],
  ['blocked', 'key-type-unsupported', read(aKey({ type: 'oct-HSM', sizeBits: null }))],
  ['blocked', 'key-size-unsupported', read(aKey({ sizeBits: 1024 }))],
  ['pass', 'key', read(aKey({ operations: null }))],
  ['pass', 'key', read(aKey({ operations: ['unwrapKey', 'wrapKey'] }))],
  ['blocked', 'key-operations-missing', read(aKey({ operations: ['sign', 'verify'] }))],
  ['blocked', 'key-operations-missing', read(aKey({ operations: ['wrapKey'] }))],
  ['blocked', 'key-operations-missing', read(aKey({ operations: ['get', 'unwrapKey'] }))],
  ['blocked', 'key-operations-missing', read(aKey({ operations: [] }))],
  ['blocked', 'key-missing', read(null)],
  ['blocked', 'key-disabled', read(aKey({ enabled: false }))],
  ['blocked', 'key-disabled', read(aKey({ enabled: false, expiresAtMs: NOW_MS - 1 }))],
  ['blocked', 'key-not-yet-valid', read(aKey({ notBeforeMs: NOW_MS + 1 }))],
  ['blocked', 'key-expired', read(aKey({ expiresAtMs: NOW_MS }))],
  ['blocked', 'key-expired', read(aKey({ expiresAtMs: NOW_MS - 400 * DAY_MS }))],
  ['blocked', 'key-near-expiry', read(aKey({ expiresAtMs: NOW_MS + 1 }))],
  ['blocked', 'key-near-expiry', read(aKey({ expiresAtMs: NOW_MS + MARGIN_DAYS * DAY_MS }))],
  ['unreadable', 'key-unreadable', unreadable()],
])('answers %s: %s', ([answer, code, reading]) => {
  expect(judgeKey(KEY_URL, reading, NOW_MS, MARGIN_DAYS)).toMatchObject({
    answer,
    code,
    target: KEY_URL,
  });
});

test('says how long the key lasts', () => {
  const lasting = read(aKey({ expiresAtMs: NOW_MS + 30.5 * DAY_MS }));
  const ending = read(aKey({ expiresAtMs: NOW_MS + 3.5 * DAY_MS }));

  expect(judgeKey(KEY_URL, lasting, NOW_MS, MARGIN_DAYS).message).toContain('expires in 30 days');
  expect(judgeKey(KEY_URL, ending, NOW_MS, MARGIN_DAYS).message).toContain('expires in 3 days');
});

test('says why the key could not be read', () => {
  const { message } = judgeKey(KEY_URL, unreadable('ForbiddenByFirewall'), NOW_MS, MARGIN_DAYS);

  expect(message).toContain('ForbiddenByFirewall');
});

test('without a margin a key counts until it expires', () => {
  const key = read(aKey({ expiresAtMs: NOW_MS + 1 }));

  expect(judgeKey(KEY_URL, key, NOW_MS, 0).answer).toBe('pass');
});

test('passes no key that is disabled, not valid yet, expired or about to', () => {
  const time = fc.option(fc.integer({ min: NOW_MS - 40 * DAY_MS, max: NOW_MS + 40 * DAY_MS }));
  const key = fc.record({ enabled: fc.boolean(), notBeforeMs: time, expiresAtMs: time });
  fc.assert(
    fc.property(key, (differences) => {
      const { answer } = judgeKey(KEY_URL, read(aKey(differences)), NOW_MS, MARGIN_DAYS);

      const { enabled, notBeforeMs, expiresAtMs } = differences;
      const lasts = expiresAtMs === null || expiresAtMs > NOW_MS + MARGIN_DAYS * DAY_MS;
      const begun = notBeforeMs === null || notBeforeMs <= NOW_MS;
      expect(answer).toBe(enabled && begun && lasts ? 'pass' : 'blocked');
    }),
  );
});

test.for([['XRSA'], ['RSA-HSMs'], ['RSA-OTHER'], ['rsa']])(
  'takes %s for no RSA key',
  ([type = '']) => {
    const verdict = judgeKey(KEY_URL, read(aKey({ type })), 0, 0);

    expect(verdict).toMatchObject({ answer: 'blocked', code: 'key-type-unsupported' });
  },
);

test.for<[message: string, expiresAtMs: number | null]>([
  ['The key is enabled.', null],
  ['The key is enabled and expires in 2 days.', 2.5 * 86_400_000],
])('a good key passes, and says: %s', ([message, expiresAtMs]) => {
  const verdict = judgeKey(KEY_URL, read(aKey({ expiresAtMs })), 0, 1);

  expect(verdict).toMatchObject({ answer: 'pass', code: 'key', message, target: KEY_URL });
});

test.for([
  [2048, 'pass'],
  [3072, 'pass'],
  [4096, 'pass'],
  [1024, 'blocked'],
  [2049, 'blocked'],
  [0, 'blocked'],
] as const)('a key of %s bits: %s', ([sizeBits, answer]) => {
  expect(judgeKey(KEY_URL, read(aKey({ sizeBits })), 0, 0).answer).toBe(answer);
});
