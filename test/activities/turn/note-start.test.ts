import { expect, test } from 'vitest';
import { noteStart } from '../../../src/activities/turn/note-start.ts';
import { KEYTURN } from '../../../src/domain/turn/stop.ts';
import { connectStore } from '../../../src/store/connect-store.ts';
import { sqliteTable } from '../../../src/store/sqlite-table.ts';
import { aVm, SUBSCRIPTION, setId } from '../../support/builders.ts';

const VM = aVm({ size: 'Standard_E8s_v5', zone: '2' });
const OF_SIZE = 'size/Standard_E8s_v5/westeurope/2';

test.for<[ended: boolean, scope: string, by: string, atMs: number]>([
  [true, OF_SIZE, KEYTURN, 99],
  [true, 'size/Standard_E8s_v5/westeurope', KEYTURN, 99],
  [true, `/subscriptions/${SUBSCRIPTION}/series/Es_v5/westeurope`, KEYTURN, 99],
  // Its room may have been the last.
  [false, OF_SIZE, KEYTURN, 100],
  [false, OF_SIZE, 'anna@contoso.com', 99],
  [false, 'size/Standard_E8s_v5/westeurope/1', KEYTURN, 99],
  [false, 'size/Standard_D2s_v5/westeurope/2', KEYTURN, 99],
  [false, `/subscriptions/${SUBSCRIPTION}`, KEYTURN, 99],
  [false, setId('a'), KEYTURN, 99],
  [false, 'everything', KEYTURN, 99],
])(
  'a start that was asked for at 100 ends (%s) the stop of %s by %s at %i',
  async ([ended, scope, by, atMs]) => {
    const store = connectStore(sqliteTable(':memory:'));
    await store.stops.set({ scope, by, reason: 'ZonalAllocationFailed', atMs });

    await noteStart(store, VM, 100);

    expect((await store.stops.read()).map((stop) => stop.scope)).toEqual(ended ? [] : [scope]);
  },
);
