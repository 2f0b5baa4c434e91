import { isObject, type JsonObject } from '../resources/json.ts';
import type { Incoming } from './answer.ts';
import { ArmError } from './arm-error.ts';
import type { ArmPath } from './arm-path.ts';

const GATEWAY = { headers: { 'x-ms-failure-cause': 'gateway' } };
/** Source: text of the refusal. */
const MAX_BODY_BYTES = 4 * 2 ** 20;

/** What a resource is made of, whatever its type. Source: "ResourceDefinition" in refusals. */
const MEMBERS = new Set(
  'apiVersion etag extendedLocation id identity kind location managedBy name placement plan properties scale sku systemData tags type zones'.split(
    ' ',
  ),
);
/** Providers whose resources are tracked, so that the resource manager reads them itself. */
const TRACKED = /^microsoft\.(compute|keyvault|network)$/i;

/** @throws ArmError 413, 415 or 400 for a body that cannot be read. */
export function refuseBadBody(request: Incoming, path: ArmPath): void {
  const { method, headers, body, bodyBytes = 0 } = request;
  if (method !== 'PUT' && method !== 'PATCH' && method !== 'POST') return;
  if (bodyBytes > MAX_BODY_BYTES) throw contentTooLarge();
  const needsBody = method !== 'POST' && path.namespace !== null;
  if (body === undefined) {
    if (needsBody) {
      throw notReadable("Error reading JObject from JsonReader. Path '', line 0, position 0.");
    }
    return;
  }
  const [mediaType = ''] = (headers['content-type'] ?? '').split(';');
  if (mediaType.trim().toLowerCase() !== 'application/json') throw unsupported(mediaType.trim());
  if (!isObject(body)) throw notAnObject(body);
  const { namespace, segments } = path;
  if (method === 'POST' || segments.length !== 2 || !TRACKED.test(namespace ?? '')) return;
  refuseBadMembers(body, namespace ?? '');
}

function refuseBadMembers(body: JsonObject, namespace: string): void {
  for (const [name, value] of Object.entries(body)) {
    const place = `Path '${name}', line 1, position ${positionOf(body, name)}.`;
    if (!MEMBERS.has(name)) {
      throw notReadable(
        `Could not find member '${name}' on object of type 'ResourceDefinition'. ${place}`,
      );
    }
    if ((name === 'location' || name === 'name') && typeof value === 'object' && value !== null) {
      const found = Array.isArray(value) ? '[' : '{';
      throw notReadable(`Unexpected character encountered while parsing value: ${found}. ${place}`);
    }
    if (name === 'tags' && value !== null && !areTags(value)) {
      throw notReadable(
        `Error converting value to type 'System.Collections.Generic.Dictionary\`2[System.String,System.String]'. ${place}`,
      );
    }
  }
  const { properties } = body;
  if (properties === undefined || properties === null || isObject(properties)) return;
  throw unreadableProperties(namespace);
}

function areTags(value: unknown): boolean {
  return isObject(value) && Object.values(value).every((it) => typeof it !== 'object');
}

/** Properties are for the provider to read. Source: public reports of both texts. */
function unreadableProperties(namespace: string): ArmError {
  return /^microsoft\.keyvault$/i.test(namespace)
    ? new ArmError(400, 'BadRequest', 'Bad JSON content found in the request.')
    : new ArmError(400, 'InvalidRequestFormat', 'Cannot parse the request.');
}

/** Behind the colon, if the body was written without blanks. */
function positionOf(body: JsonObject, name: string): number {
  const key = `${JSON.stringify(name)}:`;
  return JSON.stringify(body).indexOf(key) + key.length;
}

/** Source: texts of the JSON reader that Azure's services are built with. */
function notAnObject(body: unknown): ArmError {
  const [first = ''] = typeof body === 'string' ? body : JSON.stringify(body);
  return Array.isArray(body)
    ? notReadable(
        'Cannot deserialize the current JSON array (e.g. [1,2,3]) into type \'ResourceDefinition\' because the type requires a JSON object (e.g. {"name":"value"}) to deserialize correctly. Path \'\', line 1, position 1.',
      )
    : notReadable(
        `Unexpected character encountered while parsing value: ${first}. Path '', line 1, position 1.`,
      );
}

/** Source: public reports, with many texts inside. */
function notReadable(why: string): ArmError {
  return new ArmError(
    400,
    'InvalidRequestContent',
    `The request content was invalid and could not be deserialized: '${why}'.`,
    GATEWAY,
  );
}

/** Source: public reports; `<null>` stands for no content type at all. */
function unsupported(mediaType: string): ArmError {
  return new ArmError(
    415,
    'UnsupportedMediaType',
    `The content media type '${mediaType || '<null>'}' is not supported. Only 'application/json' is supported.`,
    GATEWAY,
  );
}

/** Source: public reports of the code and the text; that the status is 413 is assumed. */
export function contentTooLarge(): ArmError {
  return new ArmError(
    413,
    'RequestContentTooLarge',
    'The request content size exceeds the maximum size of 4 MB.',
    GATEWAY,
  );
}
