import { expect, test } from 'vitest';
import type { Exchange } from '../src/gateway.ts';
import { withoutSecrets } from '../src/recorder.ts';

function anExchange(differences: Partial<Exchange> = {}): Exchange {
  return {
    method: 'GET',
    url: 'https://management.azure.com/subscriptions/s?api-version=1',
    requestHeaders: {},
    requestBody: '',
    statusCode: 200,
    responseHeaders: {},
    responseBody: '',
    ...differences,
  };
}

test.for<[what: string, exchange: Partial<Exchange>]>([
  ['a token', { requestHeaders: { Authorization: 'Bearer SECRET' } }],
  ['a token in small letters', { requestHeaders: { authorization: 'bearer SECRET' } }],
  ['a basic sign-in', { requestHeaders: { authorization: 'Basic SECRET' } }],
  ['a function key', { requestHeaders: { 'X-Functions-Key': 'SECRET' } }],
  ["the identity endpoint's header", { requestHeaders: { 'X-IDENTITY-HEADER': 'SECRET' } }],
  ['its older header', { requestHeaders: { secret: 'SECRET' } }],
  ['a key in a URL', { url: 'http://127.0.0.1:7071/runtime?functionName=a&code=SECRET' }],
])('a recording does not keep %s', ([, differences]) => {
  const kept = withoutSecrets(anExchange(differences));

  expect(JSON.stringify(kept)).not.toContain('SECRET');
  expect(JSON.stringify(kept)).toContain('redacted');
});

test('a recording keeps the rest as it was', () => {
  const exchange = anExchange({
    url: 'https://management.azure.com/a%2Fb?x=%20&api-version=1',
    requestHeaders: { accept: 'application/json' },
  });

  expect(withoutSecrets(exchange)).toEqual(exchange);
});
