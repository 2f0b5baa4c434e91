import { answer } from '../arm/answer.ts';
import { ArmError } from '../arm/arm-error.ts';
import { Listing } from '../arm/listing.ts';
import { type Call, type Route, route } from '../arm/route.ts';
import type { Collection } from '../resources/inventory.ts';
import { readRoutes } from '../resources/read-routes.ts';
import { instanceView } from './instance-view.ts';
import { VM_RATES } from './rate-policies.ts';
import type { ScaleSet, ScaleSetInstance } from './scale-set.ts';
import { instanceBody, instanceViewOf, scaleSetView } from './scale-set-instance.ts';
import type { Vm } from './vm.ts';
import { vmBodyAt } from './vm-body.ts';

const SET =
  '/subscriptions/:subscription/resourceGroups/:group/providers/Microsoft.Compute/virtualMachineScaleSets/:set';

type SetCall = Call<'subscription' | 'group' | 'set'>;
type Member = { readonly vm: Vm } | { readonly instance: ScaleSetInstance };

/**
 * Scale sets and their machines, to read. A flexible one lists machines that are resources of their
 * own, under their own IDs.
 *
 * Source: REST reference, Virtual Machine Scale Sets; Virtual Machine Scale Set VMs. Which rates
 * count them, and the IDs of flexible ones' machines, is assumed.
 */
export function scaleSetRoutes(sets: Collection<ScaleSet>): readonly Route[] {
  const find = ({ params }: SetCall) => sets.require(params, params.set);
  const get = { rate: VM_RATES.get };
  return [
    ...readRoutes(sets, { rates: VM_RATES, upperGroups: true }),
    route('GET', `${SET}/instanceView`, (call) => answer(200, scaleSetView(find(call))), get),
    route(
      'GET',
      `${SET}/virtualMachines`,
      (call) => {
        const set = find(call);
        return answer(200, {
          value: new Listing(membersOf(set), (member) => bodyOf(set, member, call)),
        });
      },
      { rate: VM_RATES.list },
    ),
    route(
      'GET',
      `${SET}/virtualMachines/:instance`,
      (call) => {
        const set = find(call);
        return answer(200, bodyOf(set, memberOf(set, call.params.instance), call));
      },
      get,
    ),
    route(
      'GET',
      `${SET}/virtualMachines/:instance/instanceView`,
      (call) => {
        const set = find(call);
        return answer(200, viewOf(set, memberOf(set, call.params.instance)));
      },
      get,
    ),
  ];
}

function membersOf(set: ScaleSet): readonly Member[] {
  return [
    ...set.vms.map((vm) => ({ vm })),
    ...[...set.instances.values()].map((instance) => ({ instance })),
  ];
}

function memberOf(set: ScaleSet, name: string): Member {
  const vm = set.vms.find((it) => it.name.toLowerCase() === name.toLowerCase());
  if (vm) return { vm };
  const instance = set.instances.get(name);
  if (instance) return { instance };
  // Assumed: no recording has the case.
  throw new ArmError(
    404,
    'NotFound',
    `The entity was not found in this Azure location. InstanceId '${name}' of '${set.name}' does not exist.`,
  );
}

function bodyOf(set: ScaleSet, member: Member, { query, apiVersion }: Call): object {
  const body =
    'vm' in member
      ? { ...vmBodyAt(member.vm.body(), apiVersion), instanceId: member.vm.name }
      : instanceBody(set, member.instance);
  if (query.get('$expand') !== 'instanceView') return body;
  const { properties } = body as { properties?: object };
  return { ...body, properties: { ...properties, instanceView: viewOf(set, member) } };
}

function viewOf(set: ScaleSet, member: Member): object {
  return 'vm' in member ? instanceView(member.vm) : instanceViewOf(set, member.instance);
}
