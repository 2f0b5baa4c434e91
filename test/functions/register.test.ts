import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { instanceRequest } from '../../src/activities/conversion/instance-request.ts';
import { OFF_BY_TAG } from '../../src/domain/azure/vm.ts';
import { instanceIdFor } from '../../src/durable/instance-id.ts';
import { inAzure } from '../orchestrators/a-run.ts';
import { vmId } from '../support/builders.ts';

// A call of an unknown activity schedules nothing, and its instance would run for ever.
test('registers every activity and orchestrator that is defined', async () => {
  await inAzure({}, async ({ app }) => {
    const defined = globSync('src/{activities,orchestrators}/**/*.ts').flatMap((file) => {
      const pattern = /define(?:Client)?(?:Activity|Orchestrator)\(\s*'(\w+)'/g;
      return [...readFileSync(file, 'utf8').matchAll(pattern)].map(([, name]) => name);
    });

    expect(defined.length).toBeGreaterThan(15);
    expect(app.host.functionNames).toEqual(expect.arrayContaining(defined));
  });
});

test('starts what is registered, under an ID that names it whatever the case', async () => {
  await inAzure({}, async ({ app }) => {
    const requestedBy = { kind: 'sweep', person: null, requestId: null } as const;
    for (const kind of ['vm', 'disk'] as const) {
      const upper = instanceRequest({ kind, id: vmId('VM-1').toUpperCase() }, requestedBy);
      const lower = instanceRequest({ kind, id: vmId('vm-1') }, requestedBy);
      expect(app.host.functionNames).toContain(lower.orchestrator);
      expect(upper.instanceId).toBe(lower.instanceId);
    }
    expect(instanceIdFor('vm', vmId('vm-1'))).not.toBe(instanceIdFor('disk', vmId('vm-1')));
  });
});

test('marks with the ID of the instance, which fits into a tag', () => {
  expect(OFF_BY_TAG).not.toMatch(/[<>%&\\?/]/);
  expect(instanceIdFor('vm', vmId('vm-1')).length).toBeLessThan(256);
});
