import { answer } from '../arm/answer.ts';
import { resourceNotFound } from '../arm/arm-error.ts';
import { type Route, route } from '../arm/route.ts';
import type { Collection } from '../resources/inventory.ts';
import { VM_RATES } from './rate-policies.ts';
import { VM_TYPE, type Vm } from './vm.ts';
import { extensionBody } from './vm-body.ts';

const EXTENSIONS =
  '/subscriptions/:subscription/resourceGroups/:group/providers/Microsoft.Compute/virtualMachines/:vm/extensions';

/** What is installed in virtual machines, to read. Source: REST reference, Compute. */
export function vmExtensionRoutes(vms: Collection<Vm>): readonly Route[] {
  return [
    route(
      'GET',
      EXTENSIONS,
      (call) => {
        const vm = vms.require(call.params, call.params.vm);
        return answer(200, {
          value: (vm.spec.extensions ?? []).map((it) => extensionBody(vm, it)),
        });
      },
      { rate: VM_RATES.get },
    ),
    route(
      'GET',
      `${EXTENSIONS}/:extension`,
      (call) => {
        const vm = vms.require(call.params, call.params.vm);
        const found = vm.spec.extensions?.find(({ name }) => name === call.params.extension);
        if (found) return answer(200, extensionBody(vm, found));
        const path = `${vm.name}/extensions/${call.params.extension}`;
        throw resourceNotFound(VM_TYPE, path, call.params.group);
      },
      { rate: VM_RATES.get },
    ),
  ];
}
