import { ComputeManagementClient } from '@azure/arm-compute';
import { exampleEstate } from '@keyturn/azure-simulator/example-estate';
import { createSimulator } from '@keyturn/azure-simulator/simulator';

const { httpClient, subscriptionId } = createSimulator({ estate: exampleEstate() });
const credential = { getToken: async () => ({ token: 'static', expiresOnTimestamp: 2 ** 52 }) };
const compute = new ComputeManagementClient(credential, subscriptionId, { httpClient });

for await (const { name, encryption } of compute.disks.list()) {
  console.log(name, encryption?.type);
}
