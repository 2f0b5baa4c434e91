import type { OperationFailure } from '../faults.ts';
import type { Answer, Incoming } from './answer.ts';
import type { RatePolicy } from './rate-limits.ts';

type ParamNames<Path extends string> = Path extends `${string}:${infer Rest}`
  ? Rest extends `${infer Name}/${infer Tail}`
    ? Name | ParamNames<`/${Tail}`>
    : Rest
  : never;

/** Who calls, as the token says. */
export interface Caller {
  readonly objectId: string;
  readonly appId: string;
}

/** One call of a known route. */
export interface Call<Name extends string = string> extends Incoming {
  /** Path parameters with the caller's casing. */
  readonly params: Readonly<Record<Name, string>>;
  readonly query: URLSearchParams;
  readonly apiVersion: string;
  readonly caller: Caller;
  readonly correlationId: string;
  /** Answer's request ID; a long-running operation takes it as its name. */
  readonly requestId: string;
  /** A fault that was asked for: the operation which this call starts shall end with it. */
  readonly failOperation: OperationFailure | null;
  /** A fault that was asked for: a query answers as if what has such an ID were not there. */
  readonly leaveOut?: RegExp | null;
}

export interface RouteOptions {
  /** Azure's name of the operation, raised as an event when it succeeds. Reads have none. */
  readonly operationName?: string;
  readonly rate?: readonly RatePolicy[];
}

export interface Route extends RouteOptions {
  readonly method: string;
  readonly name: string;
  readonly match: (path: string) => Record<string, string> | null;
  readonly handle: (call: Call) => Answer;
}

/**
 * Declares what is answered at a path. `:name` is one segment, `:scope` any number of them;
 * literal segments are compared without regard to case, as the resource manager does.
 */
export function route<const Path extends string>(
  method: string,
  path: Path,
  handle: (call: Call<ParamNames<Path>>) => Answer,
  options: RouteOptions = {},
): Route {
  const names: string[] = [];
  const pattern = path.replace(/:(\w+)/g, (_, name: string) => {
    names.push(name);
    return name === 'scope' ? '(.+)' : '([^/]+)';
  });
  const regex = new RegExp(`^${pattern}/?$`, 'i');
  return {
    ...options,
    method,
    name: `${method} ${nameOf(path)}`,
    match: (text) => {
      const found = regex.exec(text);
      if (found === null) return null;
      return Object.fromEntries(
        names.map((name, index) => [name, decodeURIComponent(found[index + 1] ?? '')]),
      );
    },
    // The pattern was made from the path, so the parameters are those that the path names.
    handle: handle as Route['handle'],
  };
}

/** `Microsoft.Compute/disks` or, without a provider, the literal segments. */
function nameOf(path: string): string {
  const tail = path.slice(path.lastIndexOf('/providers/') + 1);
  const literal = tail.split('/').filter((segment) => segment !== '' && !segment.startsWith(':'));
  return literal.filter((segment) => segment !== 'providers').join('/');
}
