import type { HttpResponseInit } from '@azure/functions';

/** One mistake in a request, within an error. */
export interface ArmErrorDetail {
  readonly code: string;
  readonly message: string;
  /** Which member is meant. */
  readonly target?: string;
}

/** An error in Azure Resource Manager's shape: `{"error":{"code","message","details"}}`. */
export function armError(
  status: number,
  code: string,
  message: string,
  details: readonly ArmErrorDetail[] = [],
): HttpResponseInit {
  const error = { code, message, ...(details.length > 0 ? { details } : {}) };
  return { status, jsonBody: { error } };
}
