import { type Answer, answer } from '../arm/answer.ts';
import { ArmError, type ErrorBody } from '../arm/arm-error.ts';
import { sameId, subscriptionScope } from '../arm/resource-id.ts';
import { type Call, type Route, route } from '../arm/route.ts';

type Outcome = 'InProgress' | 'Succeeded' | { readonly error: ErrorBody };

/** How long a topic takes to be made or changed. Assumed: recorded polls after 10 s were the last. */
const TAKES_MS = 3000;

/**
 * Writes and deletions of Event Grid that are accepted now and watched at a URL of their own.
 *
 * Source: recorded. What they do is done at once; only that it is, is told later.
 */
export class GridOperations {
  readonly #outcomes = new Map<string, () => Outcome>();
  readonly #speed: number;

  constructor(speed: number) {
    this.#speed = speed;
  }

  /** When what is asked for now will be done. */
  readyAt(): number {
    return Date.now() + TAKES_MS / this.#speed;
  }

  /** An operation that ends at a time. */
  until(readyAt: number): () => Outcome {
    return () => (readyAt <= Date.now() ? 'Succeeded' : 'InProgress');
  }

  /** 201 with the resource as it will be. */
  accept(call: Call, location: string, body: unknown, outcome: () => Outcome): Answer {
    return answer(201, body, {
      'azure-asyncoperation': this.#begin(call, location, outcome).status,
    });
  }

  /** 202 without a body. */
  acceptDeletion(call: Call, location: string): Answer {
    const urls = this.#begin(call, location, this.until(this.readyAt()));
    return answer(202, undefined, {
      'azure-asyncoperation': urls.status,
      location: urls.result,
    });
  }

  find(id: string): Outcome | undefined {
    return this.#outcomes.get(id.toLowerCase())?.();
  }

  /** The URL of the status names the port, the other one does not. */
  #begin(call: Call, location: string, outcome: () => Outcome) {
    const { url, requestId, apiVersion } = call;
    this.#outcomes.set(requestId.toLowerCase(), outcome);
    const region = sameId(location, 'global') ? '' : `/locations/${location}`;
    const below = `${subscriptionScope(url.pathname)}/providers/Microsoft.EventGrid${region}`;
    const tail = `${requestId.toUpperCase()}?api-version=${apiVersion}`;
    return {
      status: `https://management.azure.com:443${below}/operationsStatus/${tail}`,
      result: `https://management.azure.com${below}/operationResults/${tail}`,
    };
  }
}

/** Where operations of Event Grid are watched. Source: recorded; the end of a failed one is assumed. */
export function gridOperationRoutes(operations: GridOperations): readonly Route[] {
  const outcomeOf = ({ params }: Call<'operation'>): Outcome => {
    const found = operations.find(params.operation);
    if (found !== undefined) return found;
    throw new ArmError(404, 'NotFound', `Operation ${params.operation} was not found.`);
  };
  const status = (call: Call<'operation'>) => {
    const outcome = outcomeOf(call);
    const failed = typeof outcome === 'object';
    return answer(200, {
      id: call.url.href,
      name: call.params.operation.toLowerCase(),
      status: failed ? 'Failed' : outcome,
      ...(failed ? { error: outcome.error } : {}),
    });
  };
  const result = (call: Call<'operation'>) => {
    const outcome = outcomeOf(call);
    if (typeof outcome === 'object') return answer(400, { error: outcome.error });
    return answer(outcome === 'InProgress' ? 202 : 200);
  };
  return ['', '/locations/:location'].flatMap((region) => {
    const place = `/subscriptions/:subscription/providers/Microsoft.EventGrid${region}`;
    return [
      route('GET', `${place}/operationsStatus/:operation`, status as Route['handle']),
      route('GET', `${place}/operationResults/:operation`, result as Route['handle']),
    ];
  });
}
