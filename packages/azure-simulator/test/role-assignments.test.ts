import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSimulator } from '../src/simulator.ts';
import { ask } from './ask.ts';
import { object } from './json.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const READER = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';
const CONTRIBUTOR = 'b24988ac-6180-42a0-ab88-20f7382dd24c';
const PERSON = '3f6a1b52-7a0e-4a0b-9d3d-2f1f0c4f9a11';
const NAME = '0a4f3a64-52b9-4d1c-8a3e-6b7f2b1d9c55';

function assignments() {
  const simulator = createSimulator();
  const scope = `/subscriptions/${simulator.subscriptionId}`;
  const path = `${scope}/providers/Microsoft.Authorization/roleAssignments/${NAME}?api-version=2022-04-01`;
  const put = (more: object = {}) =>
    ask(simulator, 'PUT', path, {
      properties: {
        roleDefinitionId: `${scope}/providers/Microsoft.Authorization/roleDefinitions/${READER}`,
        principalId: PERSON,
        ...more,
      },
    });
  return { put, scope, get: () => ask(simulator, 'GET', path) };
}

const WISHES = {
  condition: "@Resource[Microsoft.Storage/storageAccounts:name] StringEquals 'logs'",
  conditionVersion: '2.0',
  description: 'for the auditors',
};

test('an assignment keeps its condition and its description; who made it is told later', async () => {
  const { put, get } = assignments();

  const made = await put(WISHES);
  const read = await get();

  expect(made.status).toBe(201);
  expect(made.body['properties']).toMatchObject({ ...WISHES, createdBy: null });
  expect(object(made.body, 'properties')['updatedBy']).toEqual(expect.any(String));
  expect(read.body['properties']).toMatchObject({ ...WISHES, createdBy: expect.any(String) });
});

test('an assignment that is written again is changed in its place', async () => {
  const { put, get } = assignments();
  const made = await put(WISHES);
  await vi.advanceTimersByTimeAsync(60_000);

  const again = await put({ description: 'for everybody' });

  expect(again.status).toBe(200);
  const [first, then] = [made, await get()].map(({ body }) => object(body, 'properties'));
  expect(then).toMatchObject({ condition: null, description: 'for everybody' });
  expect(then?.['createdOn']).toBe(first?.['createdOn']);
  expect(then?.['updatedOn']).not.toBe(first?.['updatedOn']);
});

test.for<[what: string, more: (scope: string) => object]>([
  ['principal', () => ({ principalId: NAME })],
  [
    'role',
    (scope) => ({
      roleDefinitionId: `${scope}/providers/Microsoft.Authorization/roleDefinitions/${CONTRIBUTOR}`,
    }),
  ],
])('an assignment never gets another %s', async ([, more]) => {
  const { put, scope } = assignments();
  await put();

  const refused = await put(more(scope));

  expect(refused.status).toBe(400);
  expect(object(refused.body, 'error')['code']).toBe('RoleAssignmentUpdateNotPermitted');
});
