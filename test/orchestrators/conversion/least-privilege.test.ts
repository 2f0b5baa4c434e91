import { readFileSync } from 'node:fs';
import { exampleEstate } from '@keyturn/azure-simulator/example-estate';
import { createSimulator } from '@keyturn/azure-simulator/simulator';
import { withVirtualTime } from '@keyturn/functions-host/virtual-time';
import { expect, test } from 'vitest';
import { startSimulatedApp } from '../../support/simulated-app.ts';

/** The actions that the README asks for, and nothing else. */
const README = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
const ACTIONS = [...README.matchAll(/^ {6}(Microsoft\.\S+)/gm)].map(([, action = '']) => action);

test("the README's rights are enough to convert the example estate", async () => {
  expect(ACTIONS).toContain('Microsoft.Compute/disks/write');

  const summary = await convertWith(ACTIONS);

  expect(summary).toEqual({ onPlatformKey: 22, leftOff: 0 });
});

/** Not tried one by one: what comes with another read or only explains a failure. */
const TOGETHER = /instanceView|restorePoints\/read|diskOperations/;

test.for(ACTIONS.filter((action) => !TOGETHER.test(action)).map((action): [string] => [action]))(
  'the right %s is needed',
  async ([action]) => {
    const summary = await convertWith(ACTIONS.filter((each) => each !== action));

    expect(summary.leftOff).toBe(0);
    expect(summary.onPlatformKey).toBeGreaterThan(22);
  },
);

test('the right to read keys is needed', async () => {
  const summary = await convertWith(ACTIONS, []);

  expect(summary.leftOff).toBe(0);
  expect(summary.onPlatformKey).toBeGreaterThan(22);
});

const ROOT = `/subscriptions/${exampleEstate().subscriptionId}`;
const VAULTS = (exampleEstate().vaults ?? []).map(
  ({ group, name }) =>
    `${ROOT}/resourceGroups/${group}/providers/Microsoft.KeyVault/vaults/${name}`,
);
const AT_HOST = 'fc4d8e41-e223-45ea-9bf5-eada37891d87';

/** Something is exempt from a set of policies, none of them about keys of disks. */
const POLICIES = {
  policySets: [{ name: 'baseline', policies: [{ policy: AT_HOST, referenceId: 'at-host' }] }],
  policyAssignments: [{ name: 'baseline', policy: 'baseline' }],
  policyExemptions: [
    { name: 'erp', assignment: 'baseline', scope: `${ROOT}/resourceGroups/rg-erp` },
  ],
};

async function convertWith(actions: readonly string[], builtIn = ['Key Vault Reader']) {
  return withVirtualTime('2026-03-01T08:00:00Z', async (time) => {
    const simulator = createSimulator({
      estate: {
        ...exampleEstate(),
        ...POLICIES,
        roles: [{ name: 'keyturn', actions: [...actions] }],
        roleAssignments: [
          { principal: 'caller', role: 'keyturn' },
          ...builtIn.flatMap((role) =>
            VAULTS.map((scope) => ({ principal: 'caller', role, scope })),
          ),
        ],
      },
    });
    const app = await startSimulatedApp({ simulator });
    await app.runSweep();
    await time.advance(6 * 3_600_000);
    const { disks, vms } = simulator.truth();
    await app.host.stop();
    simulator.close();
    return {
      onPlatformKey: disks.filter(
        ({ encryptionType }) => encryptionType === 'EncryptionAtRestWithPlatformKey',
      ).length,
      leftOff: vms.filter(
        ({ firstPowerState, powerState }) =>
          firstPowerState === 'running' && powerState !== 'running',
      ).length,
    };
  });
}
