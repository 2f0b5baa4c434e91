import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Exchange } from '../src/gateway.ts';
import { aWatchedVault } from './a-watched-vault.ts';
import { unexplained } from './explained.ts';
import { judge, NO_JUDGE } from './judge.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('the events of a vault are what the official documents describe', async ({ skip }) => {
  skip(NO_JUDGE !== null, NO_JUDGE ?? '');
  const exchanges: Exchange[] = [];
  const { client, heard } = await aWatchedVault({ record: (it) => exchanges.push(it) });
  await client.createRsaKey('k', {
    expiresOn: new Date(Date.now() + 60 * 86_400_000),
    notBefore: new Date(),
  });
  await client.createRsaKey('endless');
  await vi.advanceTimersByTimeAsync(61 * 86_400_000);
  vi.useRealTimers();

  const delivered = exchanges.filter(({ kind }) => kind === 'eventgrid-delivery');
  const { verdicts, pairs } = await judge(delivered);

  expect(heard()).toHaveLength(4);
  expect(pairs).toBe(4);
  expect(unexplained(verdicts)).toEqual([]);
}, 60_000);
