import { expect, test } from 'vitest';
import { stopScopeIn, stopScopeOptionsFor } from '../../../src/cli/app/stop-scope-options.ts';
import { SUBSCRIPTION, setId } from '../../support/builders.ts';

const OURS = `/subscriptions/${SUBSCRIPTION}`;
const SIZE = 'Standard_E8s_v5';

test.for<[options: Parameters<typeof stopScopeIn>[0], scope: string, written: string]>([
  [{}, 'everything', ''],
  [{ set: setId('a') }, setId('a'), ` --set ${setId('a')}`],
  [{ subscription: SUBSCRIPTION }, OURS, ` --subscription ${SUBSCRIPTION}`],
  [
    { size: SIZE, location: 'westeurope' },
    `size/${SIZE}/westeurope`,
    ` --size ${SIZE} --location westeurope`,
  ],
  [
    { size: SIZE, location: 'WestEurope', zone: '2' },
    `size/${SIZE}/westeurope/2`,
    ` --size ${SIZE} --location westeurope --zone 2`,
  ],
  [
    { series: 'Es_v5', location: 'westeurope', subscription: SUBSCRIPTION },
    `${OURS}/series/Es_v5/westeurope`,
    ` --series Es_v5 --location westeurope --subscription ${SUBSCRIPTION}`,
  ],
])('%j name the scope %s', ([options, scope, written]) => {
  expect(stopScopeIn(options)).toBe(scope);
  expect(stopScopeOptionsFor(scope)).toBe(written);
});

test.for<[options: Parameters<typeof stopScopeIn>[0], message: RegExp]>([
  [{ set: 'des-weu' }, /must be the ARM ID of a disk encryption set/],
  [{ set: setId('a'), zone: '1' }, /Give --set alone/],
  [{ size: SIZE }, /Give the --location/],
  [{ location: 'westeurope' }, /Give the --size/],
  [{ size: SIZE, series: 'Es_v5', location: 'westeurope' }, /Give --size or --series/],
  [{ subscription: 'Production' }, /nothing that can be stopped/],
  [{ size: SIZE, location: 'West Europe' }, /nothing that can be stopped/],
])('%j name nothing', ([options, message]) => {
  expect(() => stopScopeIn(options)).toThrow(message);
});
