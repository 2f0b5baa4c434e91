import { type Answer, answer } from './answer.ts';
import type { UrlProblem } from './arm-path.ts';

/** What Azure puts beside `code` and `message`. */
export interface ErrorDetail {
  readonly target?: string;
  readonly details?: readonly unknown[];
  readonly innererror?: unknown;
  readonly additionalInfo?: readonly unknown[];
}

/** The error object of an answer and of a failed operation. */
export interface ErrorBody extends ErrorDetail {
  readonly code: string;
  readonly message: string;
}

/**
 * Azure says no. Thrown by stores and routes, turned into a response by the router, and into a
 * failed operation when it is thrown while one ends. Any other error is a bug and is not caught.
 */
export class ArmError extends Error {
  override readonly name = 'ArmError';
  readonly status: number;
  readonly code: string;
  readonly detail: ErrorDetail;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    {
      headers = {},
      ...detail
    }: ErrorDetail & { readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.headers = headers;
  }

  toErrorBody(): ErrorBody {
    return { code: this.code, message: this.message, ...this.detail };
  }

  toAnswer(): Answer {
    return answer(this.status, { error: this.toErrorBody() }, this.headers);
  }
}

/** Errors of the gateway itself carry a header that those of resource providers do not. */
const GATEWAY = { headers: { 'x-ms-failure-cause': 'gateway' } };

/** Source: recorded answers; the resource manager's own 404. */
export function resourceNotFound(type: string, name: string, group: string): ArmError {
  return new ArmError(
    404,
    'ResourceNotFound',
    `The Resource '${type}/${name}' under resource group '${group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
    GATEWAY,
  );
}

export function groupNotFound(group: string): ArmError {
  return new ArmError(
    404,
    'ResourceGroupNotFound',
    `Resource group '${group}' could not be found.`,
    GATEWAY,
  );
}

export function subscriptionNotFound(subscription: string): ArmError {
  return new ArmError(
    404,
    'SubscriptionNotFound',
    `The subscription '${subscription}' could not be found.`,
    GATEWAY,
  );
}

/** A second operation on a resource that still has one running. */
export function anotherOperationRunning(): ArmError {
  return new ArmError(
    409,
    'Conflict',
    'The request failed due to conflict with a concurrent request. To resolve it, please refer to https://aka.ms/activitylog to get more details on the conflicting requests.',
  );
}

/** Assumed: the front door answers with a page of HTML, which nobody reads. */
export function badUrl(problem: UrlProblem): ArmError {
  return problem === 'too-long'
    ? new ArmError(414, 'RequestUriTooLong', 'Request URL Too Long')
    : new ArmError(400, 'BadRequest', 'Bad Request - Invalid URL');
}

/** Not Azure's: the simulator does not know this call and says so instead of guessing. */
export function notSimulated(method: string, path: string): ArmError {
  return new ArmError(501, 'NotSimulated', `The simulated Azure does not know ${method} ${path}.`);
}
