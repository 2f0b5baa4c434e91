import { expect, test } from 'vitest';
import { sqliteTable } from '../../../src/store/sqlite-table.ts';
import { StoreUnavailableError } from '../../../src/store/store-unavailable-error.ts';
import { guardedTable } from '../../support/guarded-table.ts';
import { HOUR_MS, inAzure, MINUTE_MS } from '../a-run.ts';

test('a request about many outlives a store that is away for two minutes', async () => {
  let isAway = false;
  const table = guardedTable(sqliteTable(':memory:'), () => {
    if (isAway) throw new StoreUnavailableError('test', { code: 'Away' });
    return undefined;
  });
  await inAzure({ vms: [{ name: 'vm-1' }, { name: 'vm-2' }], table }, async (run) => {
    const target = `/subscriptions/${run.simulator.subscriptionId}/resourceGroups/rg-test`;
    const { body } = await run.app.ask('POST', '/api/conversions', { target });
    const { id } = body as { readonly id: string };
    await run.time.runUntil(() => run.vm().deallocations > 0, HOUR_MS);
    isAway = true;
    await run.time.advance(2 * MINUTE_MS);
    isAway = false;
    await run.time.advance(HOUR_MS);
    const one = (await run.app.ask('GET', `/api/conversions/${id}`)).body as { status: string };

    expect(one.status).toBe('Succeeded');
  });
});
