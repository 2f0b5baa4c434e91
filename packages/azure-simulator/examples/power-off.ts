import { ComputeManagementClient } from '@azure/arm-compute';
import { DefaultAzureCredential } from '@azure/identity';

// An ordinary program: it knows of no simulator.
const [, , subscription = '', group = '', vm = ''] = process.argv;
const compute = new ComputeManagementClient(new DefaultAzureCredential(), subscription);

await compute.virtualMachines.deallocate(group, vm);
const { statuses = [] } = await compute.virtualMachines.instanceView(group, vm);
console.log(vm, statuses.at(-1)?.code);
