import { type Answer, answer } from '../arm/answer.ts';
import { ArmError, resourceNotFound } from '../arm/arm-error.ts';
import type { OperationPlan } from '../arm/operation.ts';
import type { Operations } from '../arm/operations.ts';
import type { Call } from '../arm/route.ts';
import type { Collection } from '../resources/inventory.ts';
import { objectAt, textAt } from '../resources/json.ts';
import { tagsIn } from '../resources/tags.ts';
import type { DurationKind } from './durations.ts';
import { RESTORE_TYPE, type RestorePoint, RestorePointCollection } from './restore-point.ts';
import type { Vm } from './vm.ts';

interface Surroundings {
  readonly restorePoints: Collection<RestorePointCollection>;
  readonly vms: Collection<Vm>;
  readonly operations: Operations;
}

type CollectionCall = Call<'subscription' | 'group' | 'collection'>;
type PointCall = Call<'subscription' | 'group' | 'collection' | 'point'>;

/**
 * Restore points: taken of a machine as it is, taken away alone or with their collection.
 *
 * Source: REST reference, Restore Points. No recording has them: durations are those of snapshots.
 */
export class RestorePointStore {
  readonly #around: Surroundings;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  putCollection({ params, body }: CollectionCall): Answer {
    const { restorePoints: all } = this.#around;
    const group = all.inventory.requireGroup(params);
    const id = all.idOf(params, params.collection);
    const existing = all.find(id);
    if (existing) {
      existing.tags = tagsIn(body) ?? existing.tags;
      return answer(200, existing.body());
    }
    const sourceId = textAt(objectAt(objectAt(body, 'properties'), 'source'), 'id') ?? '';
    this.#machine(sourceId);
    const location = textAt(body, 'location') ?? group.location;
    const spec = { id, name: params.collection, location, sourceId, points: [] };
    return answer(201, all.add(new RestorePointCollection(spec, tagsIn(body))).body());
  }

  deleteCollection(call: CollectionCall): Answer {
    const { restorePoints: all, operations } = this.#around;
    all.inventory.requireGroup(call.params);
    const found = all.find(all.idOf(call.params, call.params.collection));
    if (!found) return answer(204);
    const complete = () => all.remove(found.id);
    return operations.begin({ ...plan(found, 'snapshot.delete'), complete }, call);
  }

  find(call: PointCall): object {
    const collection = this.#collection(call);
    const point = pointOf(collection, call);
    if (point) return collection.pointBody(point);
    const { collection: name, point: missing, group } = call.params;
    throw resourceNotFound(RESTORE_TYPE, `${name}/restorePoints/${missing}`, group);
  }

  take(call: PointCall): Answer {
    const collection = this.#collection(call);
    if (pointOf(collection, call)) {
      throw new ArmError(
        409,
        'OperationNotAllowed',
        `Restore point '${call.params.point}' already exists and cannot be changed.`,
      );
    }
    const { disks } = this.#machine(collection.spec.sourceId);
    const point: RestorePoint = {
      name: call.params.point,
      takenAt: Date.now(),
      diskIds: disks.map(({ id }) => id),
    };
    const complete = () => {
      collection.spec.points.push(point);
    };
    const { operations } = this.#around;
    const { headers, ...accepted } = operations.begin(
      { ...plan(collection, 'snapshot.create'), complete },
      call,
    );
    const { location: _, ...polled } = headers;
    return { ...accepted, ...answer(201, collection.pointBody(point, 'Creating'), polled) };
  }

  delete(call: PointCall): Answer {
    const collection = this.#collection(call);
    const point = pointOf(collection, call);
    if (!point) return answer(204);
    const complete = () => {
      collection.spec.points.splice(collection.spec.points.indexOf(point), 1);
    };
    const { operations } = this.#around;
    return operations.begin({ ...plan(collection, 'snapshot.delete'), complete }, call);
  }

  #collection({ params }: PointCall): RestorePointCollection {
    return this.#around.restorePoints.require(params, params.collection);
  }

  /** @throws ArmError 404 */
  #machine(id: string): Vm {
    const vm = this.#around.vms.find(id);
    if (vm) return vm;
    throw new ArmError(404, 'NotFound', `Resource ${id.split('/').at(-1)} is not found.`);
  }
}

function pointOf(collection: RestorePointCollection, call: PointCall): RestorePoint | undefined {
  const wanted = call.params.point.toLowerCase();
  return collection.spec.points.find(({ name }) => name.toLowerCase() === wanted);
}

function plan(
  { id, location }: RestorePointCollection,
  kind: DurationKind,
): Omit<OperationPlan, 'complete'> {
  return { kind, resourceId: id, location, folder: 'operations' };
}
