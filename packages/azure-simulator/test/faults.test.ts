import { expect, test } from 'vitest';
import { createSimulator } from '../src/simulator.ts';
import { clientsOf, refusal } from './clients.ts';

function anAzure() {
  const simulator = createSimulator({ speed: 1000 });
  simulator.estate.addVm({ name: 'vm-1' });
  const { compute } = clientsOf(simulator);
  return { ...simulator, get: () => compute.virtualMachines.get('rg-test', 'vm-1'), compute };
}

test('refuses the next call that matches, and only that', async () => {
  const { faults, get } = anAzure();
  faults.refuseNext(
    { method: 'GET', path: /vm-1$/ },
    { status: 403, code: 'AuthorizationFailed', message: 'no' },
  );

  expect(await refusal(get())).toEqual({ code: 'AuthorizationFailed', status: 403 });
  expect((await get()).name).toBe('vm-1');
});

test('throttles as often as it is told', async () => {
  const { faults, get, truth } = anAzure();
  faults.throttleNext({ path: /vm-1/, times: 2 }, 7);

  expect(await refusal(get())).toMatchObject({ status: 429 });
  expect(await refusal(get())).toMatchObject({ status: 429 });
  expect((await get()).name).toBe('vm-1');
  expect(truth().throttled).toBe(2);
});

test.for<[when: 'before' | 'after', effect: string]>([
  ['before', 'running'],
  ['after', 'deallocating'],
])('a connection dropped %s leaves the machine %s', async ([when, effect]) => {
  const { faults, compute, powerState } = anAzure();
  faults.dropNext({ method: 'POST', path: /deallocate/ }, when);

  const { code } = await refusal(compute.virtualMachines.deallocate('rg-test', 'vm-1'));

  expect(code).toBe('ECONNRESET');
  expect(powerState('vm-1')).toBe(effect);
});

test('delays', async () => {
  const { faults, get } = anAzure();
  faults.delayNext({ path: /vm-1/ }, 30);

  const before = performance.now();
  await get();

  expect(performance.now() - before).toBeGreaterThan(25);
});

test('a caller may stop waiting', async () => {
  const { faults, compute } = anAzure();
  faults.delayNext({ path: /vm-1/ }, 60_000);
  const abortSignal = AbortSignal.timeout(20);

  const waiting = compute.virtualMachines.get('rg-test', 'vm-1', { abortSignal });

  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
});
