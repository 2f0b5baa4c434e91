import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startHost } from '@keyturn/functions-host/host';
import { readFunctionsApp } from '@keyturn/functions-host/read-functions-app';
import { withVirtualTime } from '@keyturn/functions-host/virtual-time';

test('greets a day later', () =>
  withVirtualTime('2026-03-01T08:00:00Z', async (time) => {
    const { options } = readFunctionsApp(import.meta.dirname);
    const host = await startHost({ ...options, stateFile: ':memory:', port: null, keys: null });
    const ask = (url, init) => host.request(new Request(new URL(url, host.url), init));

    const started = await ask('/api/greetings', { method: 'POST', body: 'Ada' });
    const { id } = await started.json();
    const status = async () => (await ask(`/runtime/webhooks/durabletask/instances/${id}`)).json();
    await time.runUntil(async () => (await status()).runtimeStatus === 'Completed');

    assert.equal((await status()).output, 'Good morning, Ada.');
    assert.equal(new Date(time.now()).toISOString(), '2026-03-02T08:00:00.000Z');
    await host.stop();
  }));
