import { ComputeManagementClient } from '@azure/arm-compute';
import { DefaultAzureCredential } from '@azure/identity';
import { KeyClient } from '@azure/keyvault-keys';

/** Run by the proxy's test: an app that takes the simulator for Azure and prints what it saw. */
const [, , subscriptionId = '', vault = ''] = process.argv;
const credential = new DefaultAzureCredential();
const compute = new ComputeManagementClient(credential, subscriptionId);
const disks: string[] = [];
for await (const disk of compute.disks.list()) disks.push(disk.name ?? '');
await compute.virtualMachines.deallocate('rg-erp', 'vm-erp-app-01', {
  updateIntervalInMs: 50,
});
const key = await new KeyClient(`https://${vault}.vault.azure.net`, credential).getKey('disks');
const lost = await compute.disks.get('rg-erp', 'no-such-disk').catch((error) => error.code);
process.stdout.write(JSON.stringify({ disks: disks.length, kty: key.keyType, lost }));
