import { expect, test } from 'vitest';
import { stopForFailure } from '../../../src/domain/conversion/stop-for-failure.ts';
import type { Machine } from '../../../src/domain/turn/stop.ts';
import { stopScopeText } from '../../../src/domain/turn/stop-scope.ts';
import { SUBSCRIPTION } from '../../support/builders.ts';

const IN_ZONE: Machine = { size: 'Standard_E8s_v5', region: 'WestEurope', zone: '2' };
const IN_NONE: Machine = { ...IN_ZONE, zone: null };
const OURS = `/subscriptions/${SUBSCRIPTION}`;

test.for<[code: string, machine: Machine | null, scope: string | null]>([
  ['ZonalAllocationFailed', IN_ZONE, 'size/Standard_E8s_v5/westeurope/2'],
  ['OverconstrainedZonalAllocationRequest', IN_ZONE, 'size/Standard_E8s_v5/westeurope/2'],
  ['AllocationFailed', IN_NONE, 'size/Standard_E8s_v5/westeurope'],
  ['OverconstrainedAllocationRequest', IN_NONE, 'size/Standard_E8s_v5/westeurope'],
  ['SkuNotAvailable', IN_ZONE, `${OURS}/size/Standard_E8s_v5/westeurope`],
  ['QuotaExceeded', IN_ZONE, `${OURS}/series/Es_v5/westeurope`],
  ['ReadOnlyDisabledSubscription', IN_ZONE, OURS],
  ['ReadOnlyDisabledSubscription', null, OURS],
  ['SubscriptionNotFound', null, OURS],
  // Nobody says of which size.
  ['AllocationFailed', null, null],
  // One disk's own, and its set's.
  ['PropertyChangeNotAllowed', IN_ZONE, null],
  ['KeyVaultAccessForbidden', IN_ZONE, null],
  ['TooManyRequests', IN_ZONE, null],
])('%s, met by %j, stops %s', ([code, machine, expected]) => {
  const scope = stopForFailure({ code, message: '' }, SUBSCRIPTION, machine);
  expect(scope && stopScopeText(scope)).toBe(expected);
});
