import { answer } from '../arm/answer.ts';
import { ArmError } from '../arm/arm-error.ts';
import { Listing } from '../arm/listing.ts';
import { upperGroup, withGroup } from '../arm/resource-id.ts';
import { type Call, type Route, route } from '../arm/route.ts';
import type { Collection } from '../resources/inventory.ts';
import { isObject } from '../resources/json.ts';
import type { ResourceBody } from '../resources/resource.ts';
import { tagsIn } from '../resources/tags.ts';
import { instanceView } from './instance-view.ts';
import { VM_RATES } from './rate-policies.ts';
import { VM_TYPE, type Vm } from './vm.ts';
import { extensionBody, vmBodyAt } from './vm-body.ts';
import type { VmStore } from './vm-store.ts';

const SUBSCRIPTION = '/subscriptions/:subscription';
const GROUP = `${SUBSCRIPTION}/resourceGroups/:group` as const;
const VMS = `${GROUP}/providers/Microsoft.Compute/virtualMachines` as const;
const VM = `${VMS}/:vm` as const;

type VmCall = Call<'subscription' | 'group' | 'vm'>;

/** Lists of a whole subscription give the group in capitals (recorded). */
function withUpperGroup<Body extends { readonly id: string }>(body: Body): Body {
  return { ...body, id: upperGroup(body.id) };
}

/** Virtual machines. Source: REST reference, Compute, Virtual Machines; recorded bodies. */
export function vmRoutes(vms: Collection<Vm>, store: VmStore): readonly Route[] {
  const find = ({ params }: VmCall): Vm => vms.require(params, params.vm);
  const power = { update: VM_RATES.update, delete: VM_RATES.delete };
  return [
    route('GET', VM, (call) => answer(200, show(find(call), call)), { rate: VM_RATES.get }),
    route('GET', `${VM}/instanceView`, (call) => answer(200, instanceView(find(call))), {
      rate: VM_RATES.get,
    }),
    route(
      'GET',
      `${SUBSCRIPTION}/providers/Microsoft.Compute/virtualMachines`,
      (call) => {
        vms.inventory.requireSubscription(call.params.subscription);
        const statusOnly = call.query.get('statusOnly') === 'true';
        const show = (vm: Vm) => withUpperGroup(listed(vm, call.apiVersion, statusOnly));
        return answer(200, { value: new Listing(vms.list(call.params), show) });
      },
      { rate: VM_RATES.list },
    ),
    route(
      'GET',
      VMS,
      ({ params, apiVersion }) => {
        vms.inventory.requireGroup(params);
        const value = new Listing(vms.list(params), (vm) => listed(vm, apiVersion, false));
        return answer(200, { value });
      },
      { rate: VM_RATES.list },
    ),
    route('POST', `${VM}/deallocate`, (call) => store.deallocate(find(call), call), {
      operationName: `${VM_TYPE}/deallocate/action`,
      rate: power.delete,
    }),
    route('POST', `${VM}/start`, (call) => store.start(find(call), call), {
      operationName: `${VM_TYPE}/start/action`,
      rate: power.update,
    }),
    route('POST', `${VM}/powerOff`, (call) => store.powerOff(find(call), call), {
      operationName: `${VM_TYPE}/powerOff/action`,
      rate: power.update,
    }),
    route('POST', `${VM}/restart`, (call) => store.restart(find(call), call), {
      operationName: `${VM_TYPE}/restart/action`,
      rate: power.update,
    }),
    route('PATCH', VM, (call) => store.update(find(call), call, tagsAlone(call.body)), {
      operationName: `${VM_TYPE}/write`,
      rate: power.update,
    }),
    route(
      'GET',
      `${VM}/extensions`,
      (call) => {
        const vm = find(call);
        return answer(200, {
          value: (vm.spec.extensions ?? []).map((it) => extensionBody(vm, it)),
        });
      },
      { rate: VM_RATES.get },
    ),
    route(
      'GET',
      `${VM}/extensions/:extension`,
      (call) => {
        const vm = find(call);
        const found = vm.spec.extensions?.find(({ name }) => name === call.params.extension);
        if (found) return answer(200, extensionBody(vm, found));
        throw new ArmError(
          404,
          'ResourceNotFound',
          `The Resource '${VM_TYPE}/${vm.name}/extensions/${call.params.extension}' under resource group '${call.params.group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
        );
      },
      { rate: VM_RATES.get },
    ),
  ];
}

/** @throws ArmError 501 for a change of anything else: it would be answered and not made. */
function tagsAlone(body: unknown) {
  const other = Object.keys(isObject(body) ? body : {}).filter((name) => name !== 'tags');
  if (other.length === 0) return tagsIn(body);
  throw new ArmError(
    501,
    'NotSimulated',
    `The simulated Azure does not change ${other.join(', ')} of a virtual machine.`,
  );
}

function show(vm: Vm, { params, query, apiVersion }: VmCall): ResourceBody {
  const body = vmBodyAt(vm, apiVersion);
  const expanded = query.get('$expand') === 'instanceView';
  return {
    ...body,
    id: withGroup(body.id, params.group),
    properties: { ...body.properties, ...(expanded ? { instanceView: instanceView(vm) } : {}) },
  };
}

function listed(vm: Vm, apiVersion: string, statusOnly: boolean): ResourceBody {
  const body = vmBodyAt(vm, apiVersion);
  if (!statusOnly) return body;
  return { ...body, properties: { ...body.properties, instanceView: instanceView(vm) } };
}
