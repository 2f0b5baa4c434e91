import { type Answer, answer } from '../arm/answer.ts';
import { ArmError } from '../arm/arm-error.ts';
import type { Call } from '../arm/route.ts';

/** What Table storage refuses with, by its code. Source: "Table storage error codes". */
const REFUSALS = {
  TableAlreadyExists: [409, 'The table specified already exists.'],
  TableBeingDeleted: [409, 'The specified table is being deleted. Try operation later.'],
  TableNotFound: [404, 'The table specified does not exist.'],
  ResourceNotFound: [404, 'The specified resource does not exist.'],
  EntityAlreadyExists: [409, 'The specified entity already exists.'],
  UpdateConditionNotSatisfied: [
    412,
    'The update condition specified in the request was not satisfied.',
  ],
  InvalidInput: [400, 'One of the request inputs is not valid.'],
  InvalidResourceName: [400, 'The specifed resource name contains invalid characters.'],
  PropertiesNeedValue: [400, 'The values are not specified for all properties in the entity.'],
  PropertyNameInvalid: [400, 'The property name is invalid.'],
  PropertyNameTooLong: [400, 'The property name exceeds the maximum allowed length (255).'],
  PropertyValueTooLarge: [
    400,
    'The property value exceeds the maximum allowed size (64KB). If the property value is a string, it is UTF-16 encoded and the maximum number of characters should be 32K or less.',
  ],
  KeyValueTooLarge: [400, 'The key value is larger than the maximum allowed size (1KB).'],
  TooManyProperties: [
    400,
    'The entity contains more properties than allowed. Each entity can include up to 252 properties to store data. Each entity also has 3 system properties.',
  ],
  EntityTooLarge: [400, 'The entity is larger than the maximum allowed size (1MB).'],
  OutOfRangeInput: [400, 'One of the request inputs is out of range.'],
  InvalidDuplicateRow: [400, 'An entity can appear only once in a batch.'],
  CommandsInBatchActOnDifferentPartitions: [
    400,
    'All commands in a batch must operate on same entity group.',
  ],
  MissingRequiredHeader: [
    400,
    'An HTTP header that is mandatory for this request is not specified.',
  ],
  RequestBodyTooLarge: [
    413,
    'The request body is too large and exceeds the maximum permissible limit.',
  ],
  AuthorizationPermissionMismatch: [
    403,
    'This request is not authorized to perform this operation using this permission.',
  ],
  NoAuthenticationInformation: [
    401,
    'Server failed to authenticate the request. Please refer to the information in the www-authenticate header.',
  ],
  AuthenticationFailed: [
    403,
    'Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature.',
  ],
  InvalidAuthenticationInfo: [
    401,
    'Server failed to authenticate the request. Please refer to the information in the www-authenticate header.',
  ],
  ServerBusy: [503, 'The server is busy.'],
} as const satisfies Readonly<Record<string, readonly [status: number, message: string]>>;

/** An error of Table storage; the text is Azure's usual one unless another is given. */
export function tableError(
  code: keyof typeof REFUSALS,
  {
    text,
    headers = {},
  }: { readonly text?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): ArmError {
  const [status, message] = REFUSALS[code];
  return new ArmError(status, code, text ?? message, { headers });
}

/** The text of an error with the lines that storage adds; in a batch, which command it was. */
export function tableErrorBody(
  { code, message }: ArmError,
  { requestId }: Pick<Call, 'requestId'>,
  command?: number,
): object {
  const place = command === undefined ? '' : `${command}:`;
  const value = `${place}${message}\nRequestId:${requestId}\nTime:${new Date().toISOString().replace('Z', '0000Z')}`;
  return { 'odata.error': { code, message: { lang: 'en-US', value } } };
}

/** An error as Table storage answers it; where others answer 429, it is busy. */
export function tableRefusal(error: ArmError, call: Call): Answer {
  const refused = error.status === 429 ? tableError('ServerBusy') : error;
  return answer(refused.status, tableErrorBody(refused, call), {
    ...error.headers,
    'content-type': 'application/json;odata=minimalmetadata;streaming=true;charset=utf-8',
    'x-ms-error-code': refused.code,
  });
}
