import type { Answer } from '../arm/answer.ts';
import { ArmError } from '../arm/arm-error.ts';
import type { OperationPlan } from '../arm/operation.ts';
import type { Operations } from '../arm/operations.ts';
import { withGroup } from '../arm/resource-id.ts';
import type { Call } from '../arm/route.ts';
import { knownAt } from '../arm/since.ts';
import { azureTime } from '../arm/time.ts';
import type { Random } from '../random.ts';
import type { Collection } from '../resources/inventory.ts';
import { isObject, type JsonObject, objectAt, textAt } from '../resources/json.ts';
import type { ResourceBody } from '../resources/resource.ts';
import { tagsIn } from '../resources/tags.ts';
import type { DurationKind } from './durations.ts';
import { type ActiveKey, EncryptionSet, SET_SINCE } from './encryption-set.ts';

interface Surroundings {
  readonly sets: Collection<EncryptionSet>;
  readonly operations: Operations;
  readonly random: Random;
  readonly tenantId: string;
}

export type SetCall = Call<'subscription' | 'group' | 'set'>;

/** Disk encryption sets: made, given another key, taken away. */
export class EncryptionSetStore {
  readonly #around: Surroundings;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** The 202 repeats the request and nothing more, not even an ID. Source: recorded 2020–2025. */
  put(call: SetCall): Answer {
    const { sets, operations } = this.#around;
    const { params, body } = call;
    const properties = objectAt(body, 'properties');
    const existing = sets.find(sets.idOf(params, params.set));
    if (existing) refuseUnchangeable(existing, properties);
    const set = existing ?? this.#make(call, properties);
    const answered = operations.begin(
      {
        ...plan(set, existing ? 'des.update' : 'des.create'),
        complete: () => {
          if (existing) this.#apply(set, call);
          else sets.add(set).federatedClientId = federatedIn(properties);
          set.provisioningState = 'Succeeded';
          return show(set, call);
        },
      },
      call,
    );
    const sent = isObject(body) ? body : {};
    return {
      ...answered,
      body: { ...sent, properties: { ...properties, provisioningState: 'Updating' } },
    };
  }

  /** The 202 shows the old state. Source: 63 recorded changes of identity. */
  patch(set: EncryptionSet, call: SetCall): Answer {
    refuseUnchangeable(set, objectAt(call.body, 'properties'));
    const old = show(set, call);
    const answered = this.#around.operations.begin(
      {
        ...plan(set, 'des.update'),
        complete: () => {
          this.#apply(set, call);
          return show(set, call);
        },
      },
      call,
    );
    return {
      ...answered,
      body: { ...old, properties: { ...old.properties, provisioningState: 'Updating' } },
    };
  }

  #make(call: SetCall, properties: JsonObject): EncryptionSet {
    const { params, body } = call;
    const location = textAt(body, 'location');
    const activeKey = activeKeyIn(properties);
    if (!location || !activeKey) {
      throw new ArmError(
        400,
        'InvalidParameter',
        `Required parameter '${location ? 'encryptionSet.activeKey' : 'location'}' is missing (null).`,
      );
    }
    return new EncryptionSet(
      {
        id: this.#around.sets.idOf(params, params.set),
        name: params.set,
        location,
        encryptionType: textAt(properties, 'encryptionType') ?? 'EncryptionAtRestWithCustomerKey',
        accessGranted: 'by-role',
      },
      {
        activeKey,
        tenantId: this.#around.tenantId,
        identity: this.#identity(objectAt(body, 'identity'), {}),
        autoRotation: flagAt(properties, 'rotationToLatestKeyVersionEnabled'),
        tags: tagsIn(body),
      },
    );
  }

  /**
   * Who the set is to Azure; the ID of a user's identity comes back with a lower-case segment.
   * Identities that it had keep who they are.
   */
  #identity(asked: JsonObject, old: JsonObject): JsonObject | undefined {
    const type = textAt(asked, 'type') ?? textAt(old, 'type');
    if (!type || type === 'None') return undefined;
    const { random, tenantId } = this.#around;
    const known = objectAt(old, 'userAssignedIdentities');
    const users = Object.keys(objectAt(asked, 'userAssignedIdentities')).map((id) => {
      const lower = id.replace('/resourceGroups/', '/resourcegroups/');
      return [lower, known[lower] ?? { principalId: random.guid(), clientId: random.guid() }];
    });
    const own = () => {
      const { principalId, tenantId: itsTenantId } = old;
      return principalId
        ? { principalId, tenantId: itsTenantId }
        : { principalId: random.guid(), tenantId };
    };
    return {
      type,
      ...(type.includes('SystemAssigned') ? own() : {}),
      ...(type.includes('UserAssigned') && users.length > 0
        ? { userAssignedIdentities: Object.fromEntries(users) }
        : {}),
    };
  }

  /** A PATCH adds the identities that it names, and takes away those that it names as `null`. */
  #patched(asked: JsonObject, old: JsonObject): JsonObject | undefined {
    const lower = (users: JsonObject) =>
      Object.fromEntries(
        Object.entries(users).map(([id, it]) => {
          return [id.replace('/resourceGroups/', '/resourcegroups/'), it];
        }),
      );
    const users = {
      ...objectAt(old, 'userAssignedIdentities'),
      ...lower(objectAt(asked, 'userAssignedIdentities')),
    };
    const kept = Object.entries(users).filter(([, it]) => it !== null);
    return this.#identity({ ...asked, userAssignedIdentities: Object.fromEntries(kept) }, old);
  }

  #apply(set: EncryptionSet, { method, body }: SetCall): void {
    const properties = objectAt(body, 'properties');
    const activeKey = activeKeyIn(properties);
    set.autoRotationError = null;
    const before = set.activeKey.keyUrl;
    set.activeKey = activeKey ?? set.activeKey;
    if (set.activeKey.keyUrl !== before) {
      set.lastKeyRotation = azureTime(Date.now() - 30);
      set.previousKeys = [];
    }
    set.autoRotation = flagAt(properties, 'rotationToLatestKeyVersionEnabled') ?? set.autoRotation;
    if (isObject(body) && isObject(body['identity'])) {
      const { identity: asked } = body;
      const old = set.identity ?? {};
      const principals = set.principalIds;
      set.identity =
        method === 'PATCH'
          ? this.#patched(asked as JsonObject, old)
          : this.#identity(asked as JsonObject, old);
      // What it has already stays in its directory.
      const isNew = set.principalIds.every((id) => !principals.includes(id));
      if (isNew) set.tenantId = this.#around.tenantId;
    }
    set.federatedClientId = federatedIn(properties) ?? set.federatedClientId;
    set.tags = tagsIn(body) ?? set.tags;
  }
}

/** The body of a GET by ID: the group stands as the caller wrote it. */
export function show(set: EncryptionSet, { params, apiVersion }: SetCall): ResourceBody {
  const { properties, ...body } = set.body();
  const known = knownAt(apiVersion, properties, SET_SINCE);
  return { ...body, id: withGroup(body.id, params.group), properties: known };
}

export function plan(set: EncryptionSet, kind: DurationKind): Omit<OperationPlan, 'complete'> {
  return { kind, resourceId: set.id, location: set.location, folder: 'DiskOperations' };
}

/** Source: public reports of the code; the text is assumed, and what is said to a key without URL. */
function refuseUnchangeable({ spec }: EncryptionSet, properties: JsonObject): void {
  const type = textAt(properties, 'encryptionType') ?? spec.encryptionType;
  if (type !== spec.encryptionType) {
    throw new ArmError(
      409,
      'PropertyChangeNotAllowed',
      "Changing property 'encryptionSet.encryptionType' is not allowed.",
      { target: 'encryptionSet.encryptionType' },
    );
  }
  if (isObject(properties['activeKey']) && !activeKeyIn(properties)) {
    throw new ArmError(
      400,
      'InvalidParameter',
      "Required parameter 'encryptionSet.activeKey.keyUrl' is missing (null).",
      { target: 'encryptionSet.activeKey.keyUrl' },
    );
  }
}

function activeKeyIn(properties: JsonObject): ActiveKey | null {
  const key = objectAt(properties, 'activeKey');
  const keyUrl = textAt(key, 'keyUrl');
  if (!keyUrl) return null;
  const vaultId = textAt(objectAt(key, 'sourceVault'), 'id');
  return { ...(vaultId ? { sourceVault: { id: vaultId } } : {}), keyUrl };
}

function federatedIn(properties: JsonObject): string | undefined {
  const id = textAt(properties, 'federatedClientId');
  return id === 'None' ? '' : id;
}

function flagAt(properties: JsonObject, name: string): boolean | undefined {
  const value = properties[name];
  return typeof value === 'boolean' ? value : undefined;
}
