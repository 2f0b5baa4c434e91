import { RestError } from '@azure/core-rest-pipeline';
import { withVirtualTime } from '@keyturn/functions-host/virtual-time';
import { expect, test } from 'vitest';
import { ask } from '../../src/azure/arm/errors.ts';
import { diskId } from '../support/builders.ts';
import { anAzure } from './an-azure.ts';

const NOW = '2026-03-01T08:00:00Z';
const error = (code: string, message = 'No.') => ({ error: { code, message } });

test.for<
  [
    what: string,
    status: number,
    body: unknown,
    headers: Readonly<Record<string, string>>,
    expected: object,
  ]
>([
  ['404', 404, error('ResourceNotFound'), {}, { status: 'ok', value: null }],
  ['404 without a body', 404, '', {}, { status: 'ok', value: null }],
  ['429', 429, error('TooManyRequests'), {}, { status: 'throttled', retryAfterMs: 10_000 }],
  [
    '429 with seconds',
    429,
    error('TooManyRequests'),
    { 'retry-after': '17' },
    { status: 'throttled', code: 'TooManyRequests', retryAfterMs: 17_000 },
  ],
  [
    '429 with a date',
    429,
    error('TooManyRequests'),
    { 'retry-after': 'Sun, 01 Mar 2026 08:02:00 GMT' },
    { status: 'throttled', retryAfterMs: 120_000 },
  ],
  [
    '429 with a date that is over',
    429,
    error('TooManyRequests'),
    { 'retry-after': 'Sun, 01 Mar 2026 07:00:00 GMT' },
    { status: 'throttled', retryAfterMs: 1_000 },
  ],
  [
    '429 with no time at all',
    429,
    error('TooManyRequests'),
    { 'retry-after': '0' },
    { status: 'throttled', retryAfterMs: 1_000 },
  ],
  [
    '429 with nonsense',
    429,
    error('TooManyRequests'),
    { 'retry-after': 'soon' },
    { status: 'throttled', retryAfterMs: 10_000 },
  ],
  [
    '429 with milliseconds',
    429,
    error('TooManyRequests'),
    { 'x-ms-retry-after-ms': '2500', 'retry-after': '9' },
    { status: 'throttled', retryAfterMs: 2_500 },
  ],
  [
    '429 with empty milliseconds',
    429,
    error('TooManyRequests'),
    { 'x-ms-retry-after-ms': '', 'retry-after': '9' },
    { status: 'throttled', retryAfterMs: 9_000 },
  ],
  [
    '429 with seconds in the text',
    429,
    error('OperationNotAllowed', "Too many. Please try again after '36' seconds."),
    {},
    { status: 'throttled', retryAfterMs: 36_000 },
  ],
  [
    '503 with seconds',
    503,
    error('ServerBusy'),
    { 'retry-after': '4' },
    { status: 'throttled', code: 'ServerBusy', retryAfterMs: 4_000 },
  ],
  ...['AnotherOperationInProgress', 'Conflict', 'ConflictError', 'OperationPreempted'].map(
    (code): [string, number, unknown, Record<string, string>, object] => [
      `409 ${code}`,
      409,
      error(code),
      {},
      { status: 'throttled', code, retryAfterMs: 5_000 },
    ],
  ),
  [
    '409 OperationNotAllowed',
    409,
    error('OperationNotAllowed', 'Attached.\nMore'),
    {},
    { status: 'refused', code: 'OperationNotAllowed', message: 'Attached.' },
  ],
  [
    '403',
    403,
    error('AuthorizationFailed'),
    {},
    { status: 'refused', code: 'AuthorizationFailed' },
  ],
  ['400', 400, error('InvalidParameter'), {}, { status: 'refused', code: 'InvalidParameter' }],
  ['412', 412, error('PreconditionFailed'), {}, { status: 'refused', code: 'PreconditionFailed' }],
])('sorts what Azure answers: %s', async ([, status, body, headers, expected]) => {
  const { azure } = anAzure(() => ({ status, body, headers }));

  const answer = await withVirtualTime(NOW, () => azure.readDisk(diskId('data-1')));

  expect(answer).toMatchObject(expected);
});

test.for<[what: string, reply: Parameters<typeof anAzure>[0], statusCode: number]>([
  ['408', () => ({ status: 408, body: error('Timeout') }), 408],
  ['500', () => ({ status: 500, body: error('InternalServerError') }), 500],
  ['502 in HTML', () => ({ status: 502, body: '<html>Bad gateway</html>' }), 502],
  ['503 without a time', () => ({ status: 503, body: error('ServerBusy') }), 503],
  ['503 without a body', () => ({ status: 503 }), 503],
  ['504', () => ({ status: 504, body: '' }), 504],
  ['a reset', () => new RestError('socket hang up', { code: 'ECONNRESET' }), 0],
  ['no name', () => new RestError('getaddrinfo', { code: 'ENOTFOUND' }), 0],
])('calls it an outage: %s', async ([, reply, statusCode]) => {
  const { azure } = anAzure(reply);

  const asked = [
    azure.readDisk(diskId('data-1')),
    azure.encryptDisk(diskId('data-1'), { type: 't', diskEncryptionSetId: 'd' }),
    azure.setTag(diskId('data-1'), 'a', 'b'),
  ];

  for (const answer of await Promise.allSettled(asked)) {
    expect(answer).toMatchObject({
      status: 'rejected',
      reason: { name: 'AzureUnavailableError', statusCode },
    });
  }
});

test.for(['AuthenticationError', 'AggregateAuthenticationError', 'CredentialUnavailableError'])(
  'calls it an outage when there is no token: %s',
  async (name) => {
    const failure = Object.assign(new Error('ManagedIdentityCredential: 500'), { name });

    await expect(ask('read', () => Promise.reject(failure))).rejects.toMatchObject({
      name: 'AzureUnavailableError',
      code: 'SignInFailed',
      cause: failure,
    });
  },
);

test('asks once: waiting is not for the SDK', async () => {
  const { azure, requests } = anAzure(() => ({ status: 429, headers: { 'retry-after': '300' } }));

  await azure.readDisk(diskId('data-1'));
  await azure.setTag(diskId('data-1'), 'a', 'b');

  expect(requests).toHaveLength(2);
});

test('lets a bug through as it is', async () => {
  const bug = new TypeError('x is not a function');

  await expect(ask('read', () => Promise.reject(bug))).rejects.toBe(bug);
});

test('puts neither headers nor tokens into messages', async () => {
  const { azure } = anAzure(() => ({
    status: 403,
    body: error('AuthorizationFailed', `The client may not.\nBearer eyJ${'x'.repeat(2_000)}`),
  }));

  const answer = await azure.readDisk(diskId('data-1'));

  expect(JSON.stringify(answer)).not.toMatch(/eyJ|static/);
});
