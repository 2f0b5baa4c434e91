import { expect, test } from 'vitest';
import { type Machine, type Stop, stopFor } from '../../../src/domain/turn/stop.ts';
import {
  describeStopScope,
  EVERYTHING,
  parseStopScope,
  seriesOf,
  stopScopeText,
  TOO_MUCH,
} from '../../../src/domain/turn/stop-scope.ts';
import { OTHER_SUBSCRIPTION, SUBSCRIPTION, setId } from '../../support/builders.ts';

const OURS = `/subscriptions/${SUBSCRIPTION}`;
const THEIRS = `/subscriptions/${OTHER_SUBSCRIPTION}`;

function aStop(scope: string): Stop {
  return { scope, by: 'anna@contoso.com', reason: 'quarter end', atMs: 0 };
}

function stopped(stops: readonly string[], setIds: readonly string[], machine: Machine | null) {
  const subject = { setIds, subscriptionId: SUBSCRIPTION, machine };
  return stopFor(stops.map(aStop), subject)?.scope ?? null;
}

test.for<[stops: readonly string[], sets: readonly string[], stopped: string | null]>([
  [[], [setId('a')], null],
  [[EVERYTHING], [], EVERYTHING],
  [[TOO_MUCH], [setId('a')], TOO_MUCH],
  [[setId('a')], [setId('b')], null],
  [[setId('a')], [setId('b'), setId('a').toUpperCase()], setId('a')],
  [[setId('a'), EVERYTHING], [setId('b')], EVERYTHING],
  [[OURS], [], OURS],
  [
    [OURS.toUpperCase().replace('SUBSCRIPTIONS', 'subscriptions')],
    [],
    OURS.toUpperCase().replace('SUBSCRIPTIONS', 'subscriptions'),
  ],
  [[THEIRS], [setId('a')], null],
  [['what nobody knows'], [setId('a')], null],
])('stops %j are to sets %j as %s', ([stops, sets, expected]) => {
  expect(stopped(stops, sets, null)).toBe(expected);
});

const IN_ZONE = { size: 'Standard_E8s_v5', region: 'westeurope', zone: '2' };
const IN_NONE = { ...IN_ZONE, zone: null };

test.for<[scope: string, machine: Machine, holds: boolean]>([
  ['size/Standard_E8s_v5/westeurope/2', IN_ZONE, true],
  ['size/standard_e8s_v5/WestEurope/2', IN_ZONE, true],
  ['size/Standard_E8s_v5/westeurope/1', IN_ZONE, false],
  ['size/Standard_E8s_v5/westeurope/2', IN_NONE, false],
  ['size/Standard_E8s_v5/westeurope', IN_ZONE, true],
  ['size/Standard_E8s_v5/westeurope', IN_NONE, true],
  ['size/Standard_E8s_v5/northeurope', IN_NONE, false],
  ['size/Standard_E16s_v5/westeurope', IN_NONE, false],
  [`${OURS}/size/Standard_E8s_v5/westeurope`, IN_ZONE, true],
  [`${THEIRS}/size/Standard_E8s_v5/westeurope`, IN_ZONE, false],
  [`${OURS}/series/Es_v5/westeurope`, IN_ZONE, true],
  [`${OURS}/series/Es_v5/westeurope`, { ...IN_ZONE, size: 'Standard_E16-8s_v5' }, true],
  [`${OURS}/series/Es_v5/westeurope`, { ...IN_ZONE, size: 'Standard_E8ds_v5' }, false],
])('the stop %s and a VM %j: %s', ([scope, machine, holds]) => {
  expect(stopped([scope], [], machine)).toBe(holds ? scope : null);
  // What is off already needs no room.
  expect(stopped([scope], [], null)).toBe(null);
});

test.for([
  [EVERYTHING, 'everything'],
  [TOO_MUCH, 'everything, for too much would be converted'],
  [setId('a'), `the disk encryption set ${setId('a')}`],
  [OURS, `the subscription ${SUBSCRIPTION}`],
  ['size/Standard_E8s_v5/westeurope/2', 'VMs of size Standard_E8s_v5 in zone 2 of westeurope'],
  [
    `${OURS}/size/Standard_E8s_v5/westeurope`,
    `VMs of size Standard_E8s_v5 in westeurope, of the subscription ${SUBSCRIPTION}`,
  ],
  [
    `${OURS}/series/Es_v5/westeurope`,
    `VMs of the Es_v5 series in westeurope, of the subscription ${SUBSCRIPTION}`,
  ],
])('%s is written as it was read, and told as "%s"', ([text = '', words]) => {
  const scope = parseStopScope(text);
  expect(scope && stopScopeText(scope)).toBe(text);
  expect(describeStopScope(text)).toBe(words);
});

test.for([
  [''],
  ['Everything'],
  ['/subscriptions/1'],
  ['size/Standard_E8s_v5'],
  ['size/../westeurope'],
  ['size/Standard_E8s_v5/westeurope/2/x'],
  ['shape/Standard_E8s_v5/westeurope'],
])('"%s" is no scope, and told as it is', ([text = '']) => {
  expect(parseStopScope(text)).toBe(null);
  expect(describeStopScope(text)).toBe(text);
});

test.for([
  ['Standard_E8s_v5', 'Es_v5'],
  ['Standard_D2s_v5', 'Ds_v5'],
  ['Standard_DS2_v2', 'DS_v2'],
  ['Standard_E8-4s_v5', 'Es_v5'],
  ['Standard_NC24ads_A100_v4', 'NCads_A100_v4'],
  ['Standard_A1', 'A'],
  ['Whatever', 'Whatever'],
])('%s is of the series %s', ([size = '', series]) => {
  expect(seriesOf(size)).toBe(series);
});
