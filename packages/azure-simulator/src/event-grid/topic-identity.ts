import type { Random } from '../random.ts';
import { type JsonObject, objectAt, textAt } from '../resources/json.ts';

/** Who a topic is to others; every member is there, `null` where it says nothing. Source: recorded. */
export interface TopicIdentity {
  readonly type: string;
  readonly principalId: string | null;
  readonly tenantId: string | null;
  readonly userAssignedIdentities: JsonObject | null;
}

/** The identity that a request asks for; what the topic had stays when it says nothing. */
export function topicIdentity(
  body: JsonObject,
  old: TopicIdentity | undefined,
  { random, tenantId }: { readonly random: Random; readonly tenantId: string },
): TopicIdentity | undefined {
  const asked = objectAt(body, 'identity');
  const type = textAt(asked, 'type');
  if (type === undefined) return old;
  const isSystem = type.includes('SystemAssigned');
  const users = Object.keys(objectAt(asked, 'userAssignedIdentities'));
  const known = objectAt(old, 'userAssignedIdentities');
  const identities = users.map((id) => [
    id,
    known[id] ?? { principalId: random.guid(), clientId: random.guid() },
  ]);
  return {
    type,
    principalId: isSystem ? (old?.principalId ?? random.guid()) : null,
    tenantId: isSystem ? tenantId : null,
    userAssignedIdentities: users.length > 0 ? Object.fromEntries(identities) : null,
  };
}
