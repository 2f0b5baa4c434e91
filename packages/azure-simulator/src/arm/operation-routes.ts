import { DISK_RATES, VM_RATES } from '../compute/rate-policies.ts';
import { type Answer, answer } from './answer.ts';
import { ArmError } from './arm-error.ts';
import type { Operation } from './operation.ts';
import type { Operations } from './operations.ts';
import { type Call, type Route, route } from './route.ts';
import { azureTime } from './time.ts';

const LOCATION = '/subscriptions/:subscription/providers/Microsoft.Compute/locations/:location';

/** The polling URLs of accepted operations. Source: recorded polls 2019–2025. */
export function operationRoutes(operations: Operations): readonly Route[] {
  const poll = (call: Call<'operation'>): Answer => {
    const operation = operations.find(call.params.operation);
    if (!operation) {
      throw new ArmError(404, 'NotFound', 'The entity was not found in this Azure location.');
    }
    if (call.query.get('monitor') === 'true') return monitor(operation);
    operation.polls += 1;
    const hint = operation.polls === 1 ? operation.plan.retry?.firstPollS : undefined;
    const retry = operation.state === 'InProgress' ? operations.retryAfter(hint) : {};
    return answer(200, status(operation), retry);
  };
  return [
    route('GET', `${LOCATION}/operations/:operation`, poll, { rate: VM_RATES.poll }),
    route('GET', `${LOCATION}/DiskOperations/:operation`, poll, { rate: DISK_RATES.poll }),
  ];
}

/** A failed operation too is a 200; only disk operations have an output. */
function status(operation: Operation): object {
  const { id: name, requestedAt, endsAt, state, output, error } = operation;
  const startTime = azureTime(requestedAt);
  if (state === 'InProgress') return { startTime, status: state, name };
  return {
    startTime,
    endTime: azureTime(endsAt),
    status: state,
    ...(error === null ? {} : { error }),
    ...(output === undefined ? {} : { properties: { output } }),
    name,
  };
}

/**
 * 202 without a body while it runs, then 200 with the result of operations that have one.
 *
 * The answer for a failed operation is not in the recordings; an error body is assumed.
 */
function monitor({ state, output, error, plan }: Operation): Answer {
  if (state === 'InProgress') return answer(202);
  if (error !== null) return answer(409, { error });
  return answer(200, plan.folder === 'DiskOperations' ? output : undefined);
}
