import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { exampleEstate } from '@keyturn/azure-simulator/example-estate';
import type { Exchange } from '@keyturn/azure-simulator/gateway';
import { startProxy } from '@keyturn/azure-simulator/proxy';
import { createSimulator } from '@keyturn/azure-simulator/simulator';
import { expect, test } from 'vitest';
import { unexplained } from '../../packages/azure-simulator/test/explained.ts';
import { judge, NO_JUDGE } from '../../packages/azure-simulator/test/judge.ts';

const SCRIPT = join(import.meta.dirname, 'azure-sdk-python.py');
const IMPORTS = 'import azure.identity, azure.mgmt.authorization, azure.mgmt.compute';

/** The first Python that has Azure's packages; on Debian the system's own, not the first in PATH. */
const PYTHON = ['python3', '/usr/bin/python3'].find(
  (python) => spawnSync(python, ['-c', IMPORTS]).status === 0,
);

test.skipIf(!PYTHON)(
  'lists, pages, gets and updates with its own pollers: azure-mgmt-compute of Python (skipped where it is not installed)',
  async () => {
    const exchanges: Exchange[] = [];
    const simulator = createSimulator({
      estate: exampleEstate(),
      speed: 10_000,
      record: (exchange) => exchanges.push(exchange),
    });
    const set = `/subscriptions/${simulator.subscriptionId}/resourceGroups/rg-keys/providers/Microsoft.Compute/diskEncryptionSets/des-northeurope`;
    const { disks, vms } = simulator.truth();
    const proxy = await startProxy(simulator);

    try {
      const { stdout } = await promisify(execFile)(
        PYTHON ?? 'python3',
        [SCRIPT, simulator.subscriptionId, set],
        { env: proxy.env, timeout: 80_000 },
      );

      expect(JSON.parse(stdout)).toEqual({
        disks: {
          pages: [50, disks.length - 50],
          made: ['Unattached', 'EncryptionAtRestWithPlatformKey', 8],
          changed: [
            'EncryptionAtRestWithCustomerKey',
            set.replace('rg-keys', 'RG-KEYS'),
            { a: 'b' },
          ],
          sas: 'https://',
          exported: 'ActiveSAS',
          gone: {
            status: 404,
            code: 'ResourceNotFound',
            text: "The Resource 'Microsoft.Compute/disks/py-disk' under resource group 'rg-data' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix",
          },
          shrunk: {
            status: 200,
            code: 'InvalidParameter',
            text: 'Disks or snapshot cannot be resized down.',
          },
          attached: {
            status: 409,
            code: 'OperationNotAllowed',
            text: expect.stringContaining('while it is attached to running VM'),
          },
        },
        machines: {
          pages: [vms.length],
          before: 'PowerState/running',
          off: ['PowerState/deallocated', null],
          tagged: { by: 'python' },
          on: 'PowerState/running',
        },
        sets: {
          pages: [5],
          made: ['SystemAssigned', 'Succeeded', null],
          changed: true,
          used: disks.filter(({ diskEncryptionSetId: id }) => id?.endsWith('des-legacy-weu'))
            .length,
        },
        access: { role: true, assignments: 3, exists: false },
      });
      expect(simulator.truth().notSimulated).toEqual([]);
      if (NO_JUDGE === null) {
        const asked = exchanges.filter(({ url }) => url.startsWith('https://management'));
        expect(unexplained((await judge(asked, '--near')).verdicts)).toEqual([]);
      }
    } finally {
      await proxy.stop();
      simulator.close();
    }
  },
  90_000,
);
