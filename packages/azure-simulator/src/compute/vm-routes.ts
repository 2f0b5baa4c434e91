import { answer } from '../arm/answer.ts';
import { Listing } from '../arm/listing.ts';
import { upperGroup, withGroup } from '../arm/resource-id.ts';
import { type Route, route } from '../arm/route.ts';
import type { Collection } from '../resources/inventory.ts';
import type { ResourceBody } from '../resources/resource.ts';
import { instanceView } from './instance-view.ts';
import type { VmCall } from './new-vm.ts';
import { VM_RATES } from './rate-policies.ts';
import { VM_TYPE, type Vm } from './vm.ts';
import { vmBodyAt } from './vm-body.ts';
import type { VmStore } from './vm-store.ts';
import type { VmWrites } from './vm-writes.ts';

const SUBSCRIPTION = '/subscriptions/:subscription';
const GROUP = `${SUBSCRIPTION}/resourceGroups/:group` as const;
const VMS = `${GROUP}/providers/Microsoft.Compute/virtualMachines` as const;
const VM = `${VMS}/:vm` as const;

/** Lists of a whole subscription give the group in capitals (recorded). */
function withUpperGroup<Body extends { readonly id: string }>(body: Body): Body {
  return { ...body, id: upperGroup(body.id) };
}

/** Virtual machines. Source: REST reference, Compute, Virtual Machines; recorded bodies. */
export function vmRoutes(vms: Collection<Vm>, store: VmStore, writes: VmWrites): readonly Route[] {
  const find = ({ params }: VmCall): Vm => vms.require(params, params.vm);
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
    ...powerRoutes(find, store),
    route('PATCH', VM, (call) => writes.update(find(call), call), {
      operationName: `${VM_TYPE}/write`,
      rate: VM_RATES.update,
    }),
    route(
      'PUT',
      VM,
      (call) => {
        vms.inventory.requireGroup(call.params);
        const vm = vms.find(vms.idOf(call.params, call.params.vm));
        return vm ? writes.update(vm, call) : writes.create(call);
      },
      { operationName: `${VM_TYPE}/write`, rate: VM_RATES.put },
    ),
    route('DELETE', VM, (call) => writes.delete(call), {
      operationName: `${VM_TYPE}/delete`,
      rate: VM_RATES.delete,
    }),
  ];
}

function powerRoutes(find: (call: VmCall) => Vm, store: VmStore): readonly Route[] {
  return [
    route('POST', `${VM}/deallocate`, (call) => store.deallocate(find(call), call), {
      operationName: `${VM_TYPE}/deallocate/action`,
      rate: VM_RATES.delete,
    }),
    route('POST', `${VM}/start`, (call) => store.start(find(call), call), {
      operationName: `${VM_TYPE}/start/action`,
      rate: VM_RATES.update,
    }),
    route('POST', `${VM}/powerOff`, (call) => store.powerOff(find(call), call), {
      operationName: `${VM_TYPE}/powerOff/action`,
      rate: VM_RATES.update,
    }),
    route('POST', `${VM}/restart`, (call) => store.restart(find(call), call), {
      operationName: `${VM_TYPE}/restart/action`,
      rate: VM_RATES.update,
    }),
  ];
}

function show(vm: Vm, { params, query, apiVersion }: VmCall): ResourceBody {
  const body = vmBodyAt(vm.body(), apiVersion);
  const expanded = query.get('$expand') === 'instanceView';
  return {
    ...body,
    id: withGroup(body.id, params.group),
    properties: { ...body.properties, ...(expanded ? { instanceView: instanceView(vm) } : {}) },
  };
}

function listed(vm: Vm, apiVersion: string, statusOnly: boolean): ResourceBody {
  const body = vmBodyAt(vm.body(), apiVersion);
  if (!statusOnly) return body;
  return { ...body, properties: { ...body.properties, instanceView: instanceView(vm) } };
}
