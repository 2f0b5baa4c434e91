import { answer } from '../arm/answer.ts';
import { ArmError } from '../arm/arm-error.ts';
import { type Route, route } from '../arm/route.ts';
import { isObject } from '../resources/json.ts';
import { type Principal, servicePrincipal } from './principal.ts';

/** Most IDs in one request. Source: Graph reference, directoryObject: getByIds. */
const MOST_IDS = 1000;

/**
 * The directory, as far as Azure CLI looks up to whom a role is granted.
 *
 * Source: Microsoft Graph reference v1.0, "directoryObject: getByIds", "List servicePrincipals",
 * "List users". Assumed: the caller may read the directory, and an object ID that nothing here
 * tells of is that of a service principal, as a role is granted to anybody here.
 */
export function directoryRoutes(principals: () => readonly Principal[]): readonly Route[] {
  return [
    route('POST', '/v1.0/directoryObjects/getByIds', ({ body }) => {
      const ids = textsAt(body, 'ids');
      if (ids.length === 0 || ids.length > MOST_IDS) throw badRequest();
      const types = textsAt(body, 'types').map((type) => type.toLowerCase());
      const known = new Map(principals().map((it) => [it.objectId.toLowerCase(), it]));
      const value = ids
        .map((id) => known.get(id.toLowerCase()) ?? servicePrincipal(id, id))
        .filter(({ type }) => types.length === 0 || types.includes(type.toLowerCase()))
        .map((it) => ({ '@odata.type': `#microsoft.graph.${graphType(it)}`, ...bodyOf(it) }));
      return listed('directoryObjects', value);
    }),
    route('GET', '/v1.0/servicePrincipals', ({ query }) => {
      const wanted = byApplication(query.get('$filter'));
      const apps = principals().filter(({ appId }) => appId !== null);
      return listed('servicePrincipals', apps.filter(wanted).map(bodyOf));
    }),
    route('GET', '/v1.0/users', ({ query }) => {
      const [, name] = /^userPrincipalName eq '([^']*)'$/i.exec(query.get('$filter') ?? '') ?? [];
      if (name === undefined) throw unknownFilter(query.get('$filter'));
      const users = principals().filter(({ type }) => type === 'User');
      return listed(
        'users',
        users.map(bodyOf).filter((it) => it['userPrincipalName'] === name),
      );
    }),
  ];
}

function byApplication(filter: string | null): (principal: Principal) => boolean {
  const [, name, appId] =
    /^(?:servicePrincipalNames\/any\(c:c eq '([^']*)'\)|appId eq '([^']*)')$/i.exec(filter ?? '') ??
    [];
  const wanted = (name ?? appId)?.toLowerCase();
  if (wanted === undefined) throw unknownFilter(filter);
  return (principal) => principal.appId?.toLowerCase() === wanted;
}

function graphType({ type }: Principal): string {
  return `${type.slice(0, 1).toLowerCase()}${type.slice(1)}`;
}

function bodyOf({ objectId, appId, type, displayName }: Principal): Record<string, unknown> {
  if (type === 'User') {
    return { id: objectId, displayName, userPrincipalName: `${displayName}@contoso.example` };
  }
  if (appId === null) return { id: objectId, displayName, securityEnabled: true };
  return {
    id: objectId,
    deletedDateTime: null,
    accountEnabled: true,
    alternativeNames: [],
    appId,
    appDisplayName: null,
    displayName,
    servicePrincipalNames: [appId, `https://identity.azure.net/${objectId}`],
    servicePrincipalType: 'ManagedIdentity',
    tags: [],
  };
}

function listed(what: string, value: readonly unknown[]) {
  const context = `https://graph.microsoft.com/v1.0/$metadata#${what}`;
  return answer(200, { '@odata.context': context, value });
}

function textsAt(body: unknown, field: string): readonly string[] {
  const found = isObject(body) ? body[field] : undefined;
  return Array.isArray(found) ? found.map(String) : [];
}

function badRequest(): ArmError {
  return new ArmError(
    400,
    'Request_BadRequest',
    `The number of values in 'ids' must be between 1 and ${MOST_IDS}.`,
  );
}

function unknownFilter(filter: string | null): ArmError {
  return new ArmError(501, 'NotSimulated', `The simulated Azure does not know $filter=${filter}.`);
}
