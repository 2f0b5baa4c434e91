import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSimulator, type SimulatorOptions } from '../src/simulator.ts';
import { ask } from './ask.ts';
import { clientsOf } from './clients.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** The longest that the graph is behind. */
const LAG_MS = 5000;

function started(options: SimulatorOptions = {}) {
  const simulator = createSimulator(options);
  simulator.estate.addVm({ name: 'vm-1', dataDisks: 1 });
  const { compute, graph } = clientsOf(simulator);
  const group = `/subscriptions/${simulator.subscriptionId}/resourceGroups/rg-test`;
  const find = async (name: string, columns: string) => {
    const query = `Resources | where name == '${name}' | project ${columns}`;
    return (await graph.resources({ query })).data;
  };
  return {
    simulator,
    compute,
    find,
    /** Asks without waiting for what was accepted. */
    send: (method: string, path: string, body?: unknown) =>
      ask(simulator, method, `${group}/providers/${path}`, body),
    tag: (value: string) =>
      ask(
        simulator,
        'PATCH',
        `${group}/providers/Microsoft.Compute/virtualMachines/vm-1/providers/Microsoft.Resources/tags/default?api-version=2021-04-01`,
        { operation: 'Merge', properties: { tags: { mark: value } } },
      ),
    diskState: async () => (await find('vm-1-data-1', 'state = properties.diskState'))[0]?.state,
    markInGraph: async () => (await find('vm-1', "mark = tags['mark']"))[0]?.mark,
  };
}

/** Lets time pass until something holds, to a tenth of a second. */
async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  for (let turns = 0; !(await holds()); turns += 1) {
    if (turns > 5000) throw new Error('it never holds');
    await vi.advanceTimersByTimeAsync(100);
  }
}

test('a write shows in the graph later than in the resource', async () => {
  const { compute, tag, markInGraph } = started();

  await tag('a');
  const vm = await compute.virtualMachines.get('rg-test', 'vm-1');
  const atOnce = await markInGraph();
  await vi.advanceTimersByTimeAsync(LAG_MS);

  expect(vm.tags).toMatchObject({ mark: 'a' });
  expect(atOnce).toBeNull();
  expect(await markInGraph()).toBe('a');
});

test('writes show in their order, and none is skipped back', async () => {
  const { tag, markInGraph } = started();
  const seen: string[] = [];

  for (const value of ['a', 'b', 'c']) {
    await tag(value);
    await vi.advanceTimersByTimeAsync(400);
  }
  for (let waitedMs = 0; waitedMs <= 2 * LAG_MS; waitedMs += 500) {
    seen.push(String(await markInGraph()));
    await vi.advanceTimersByTimeAsync(500);
  }

  expect(seen.at(-1)).toBe('c');
  expect(seen).toEqual([...seen].sort((x, y) => rank(x) - rank(y)));
});

function rank(mark: string): number {
  return ['null', 'a', 'b', 'c'].indexOf(mark);
}

test('a deleted disk is still found for a while, a new one not yet', async () => {
  const { simulator, send, find } = started();
  const path = 'Microsoft.Compute/disks/new?api-version=2024-03-02';
  const exists = () => simulator.truth().disks.some(({ id }) => id.endsWith('/new'));
  const created = (
    await send('PUT', path, {
      location: 'westeurope',
      properties: { creationData: { createOption: 'Empty' }, diskSizeGB: 8 },
    })
  ).status;
  await until(exists);

  const early = await find('new', 'id');
  await vi.advanceTimersByTimeAsync(10 * LAG_MS);
  const there = await find('new', 'id');
  await send('DELETE', path);
  await until(() => !exists());
  const deleted = await find('new', 'id');
  await vi.advanceTimersByTimeAsync(LAG_MS);

  expect(created).toBe(202);
  expect([early, there, deleted].map(({ length }) => length)).toEqual([0, 1, 1]);
  expect(await find('new', 'id')).toEqual([]);
});

test('disks of a deallocated machine follow it late', async () => {
  const { simulator, send, compute, diskState } = started();

  await send('POST', 'Microsoft.Compute/virtualMachines/vm-1/deallocate?api-version=2024-07-01');
  await until(() => simulator.powerState('vm-1') === 'deallocated');
  const disk = await compute.disks.get('rg-test', 'vm-1-data-1');
  const early = await diskState();
  await vi.advanceTimersByTimeAsync(LAG_MS);

  expect([disk.diskState, early, await diskState()]).toEqual(['Reserved', 'Attached', 'Reserved']);
});

test('without lag the graph is up to date at once', async () => {
  const { tag, markInGraph } = started({ graphLagMs: 0 });

  await tag('a');

  expect(await markInGraph()).toBe('a');
});

test('the speed divides the lag', async () => {
  const { tag, markInGraph } = started({ speed: 100 });

  await tag('a');
  const early = await markInGraph();
  await vi.advanceTimersByTimeAsync(LAG_MS / 100);

  expect(early).toBeNull();
  expect(await markInGraph()).toBe('a');
});
