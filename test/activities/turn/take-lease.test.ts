import { expect, test } from 'vitest';
import { takeLease } from '../../../src/activities/turn/take-lease.ts';
import { connectStore } from '../../../src/store/connect-store.ts';
import { sqliteTable } from '../../../src/store/sqlite-table.ts';
import { aVm } from '../../support/builders.ts';

const VM = aVm({});

test('what is taken again, late, leaves the lease to the conversion that has the VM off', async () => {
  const store = connectStore(sqliteTable(':memory:'));
  const take = (conversionId: string) =>
    takeLease.handler({ store } as Parameters<typeof takeLease.handler>[0])(
      {
        vmId: VM.id,
        requestedBy: { kind: 'sweep', person: null, requestId: null },
        holder: 'vm-1',
        conversionId,
        caps: [],
        setIds: [],
        approval: null,
      },
      {} as Parameters<ReturnType<typeof takeLease.handler>>[1],
    );
  expect(await take('second')).toEqual({ kind: 'taken' });
  await store.attempts.begin('vm-1', 'second');

  expect((await take('first')).kind).toBe('full');

  expect(await store.leases.list()).toMatchObject([{ conversionId: 'second' }]);
  expect(await store.queue.list()).toEqual([]);
});
