import type { Draw } from './draw.ts';
import { type Act, CALLS, type CallKind } from './story.ts';

type Fault = Extract<Act, { act: 'fault' }>;

/** Codes with the status that comes with them. Source: error catalogue of the facts. */
const REFUSALS: readonly (readonly [status: number, code: string])[] = [
  [409, 'OperationNotAllowed'],
  [409, 'PropertyChangeNotAllowed'],
  [400, 'InvalidParameter'],
  [400, 'KeyVaultAccessForbidden'],
  [403, 'KeyVaultAccessTokenCannotBeAcquired'],
  [409, 'KeyVaultKeyNotEnabled'],
  [500, 'InternalDiskManagementError'],
  [403, 'LinkedAuthorizationFailed'],
  [403, 'AuthorizationFailed'],
  [403, 'RequestDisallowedByPolicy'],
  [409, 'ScopeLocked'],
  [409, 'Conflict'],
  [409, 'AnotherOperationInProgress'],
  [409, 'OperationPreempted'],
  [500, 'InternalServerError'],
  [503, 'ServiceUnavailable'],
];

const START_REFUSALS: typeof REFUSALS = [
  [409, 'AllocationFailed'],
  [409, 'ZonalAllocationFailed'],
  [409, 'OverconstrainedAllocationRequest'],
  [409, 'SkuNotAvailable'],
];

const FAILURES = ['InternalServerError', 'OperationPreempted', 'InternalOperationError'];

/** Draws one fault of any kind on any call; it waits for that call. */
export function drawFault(draw: Draw): Act {
  const call = draw.pick(Object.keys(CALLS) as CallKind[]);
  return { act: 'fault', call, times: draw.between(1, 3), fault: aFault(draw, call) };
}

function aFault(draw: Draw, call: CallKind): Fault['fault'] {
  const isWrite = CALLS[call].method !== 'GET' && call !== 'search' && call !== 'tag';
  const [status, code] = draw.pick(call === 'start' ? START_REFUSALS : REFUSALS);
  const fails: Fault['fault'] = {
    kind: 'fail',
    code: draw.pick(FAILURES),
    leaves: draw.chance(0.7) ? 'nothing' : 'effect',
  };
  return draw.weighted<Fault['fault']>([
    [25, { kind: 'refuse', status, code }],
    [20, { kind: 'throttle', seconds: draw.pick([1, 5, 30, 120, 600, 1800]) }],
    [10, { kind: 'delay', ms: draw.between(1_000, 70_000) }],
    [20, { kind: 'drop', when: draw.chance(0.5) ? 'before' : 'after' }],
    [isWrite ? 25 : 0, fails],
  ]);
}

export function drawEventFault(draw: Draw): Act {
  const kind = draw.pick(['lose', 'repeat', 'delay', 'reorder'] as const);
  return { act: 'event-fault', kind, times: draw.between(1, 4) };
}
