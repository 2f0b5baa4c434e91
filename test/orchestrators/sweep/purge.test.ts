import { withVirtualTime } from '@keyturn/functions-host/virtual-time';
import { expect, test } from 'vitest';
import { startSimulatedApp } from '../../support/simulated-app.ts';

const DAY_MS = 86_400_000;

test('the sweep forgets what ended a week ago, and nothing younger', async () => {
  await withVirtualTime('2026-03-01T00:00:00Z', async (time) => {
    const app = await startSimulatedApp();
    const request = async () => {
      const target = `/subscriptions/${app.simulator.subscriptionId}`;
      const { body } = await app.ask('POST', '/api/conversions', { target, dryRun: true });
      return (body as { id: string }).id;
    };
    const old = await request();
    await time.advance(5 * DAY_MS);
    const young = await request();

    // Its own schedule runs it every night; a week and a bit after the first request.
    await time.advance(3 * DAY_MS);

    expect((await app.ask('GET', `/api/conversions/${old}`)).status).toBe(404);
    expect((await app.ask('GET', `/api/conversions/${young}`)).status).toBe(200);
    await app.host.stop();
  });
});
