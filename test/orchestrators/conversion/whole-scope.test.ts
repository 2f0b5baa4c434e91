import { expect, test } from 'vitest';
import type { PlannedScope } from '../../../src/domain/conversion/planned-scope.ts';
import { HOUR_MS, inAzure, type Run } from '../a-run.ts';

const GRAPH = /ResourceGraph/;
const LISTS = { method: 'GET', path: /\/providers\/Microsoft\.Compute\/disks$/ };
const FORBIDDEN = { error: { code: 'AuthorizationFailed', message: 'The client may not.' } };

type Answered = Omit<PlannedScope, 'kind'> & { readonly kind: string };

async function ask(run: Run, scope: string, dryRun: boolean): Promise<Answered> {
  const target = `/subscriptions/${run.simulator.subscriptionId}${scope}`;
  const { body } = await run.app.ask('POST', '/api/conversions', { target, dryRun });
  const { id } = body as { readonly id: string };
  await run.quiet(HOUR_MS);
  const shown = await run.app.ask('GET', `/api/conversions/${id}`);
  return (shown.body as { readonly outcome: Answered }).outcome;
}

const namesIn = ({ results }: Answered) => results.map(({ target }) => target.id.split('/').at(-1));

test.for<[scope: string]>([['/resourceGroups/rg-test'], ['']])(
  'a person gets all disks of %s, also what Resource Graph does not show',
  async ([scope]) => {
    const build = (estate: Run['simulator']['estate']) => {
      for (const name of ['old', 'new']) estate.addDisk({ name });
    };
    await inAzure({ build }, async (run) => {
      run.simulator.faults.leaveOutNext({ path: GRAPH, times: 1_000 }, /\/disks\//i);

      const plan = await ask(run, scope, true);
      const done = await ask(run, scope, false);

      expect(namesIn(plan).toSorted()).toEqual(['new', 'old']);
      expect(namesIn(done).toSorted()).toEqual(['new', 'old']);
      expect(plan.incomplete ?? done.incomplete).toBeUndefined();
      const disks = run.simulator
        .truth()
        .disks.map(({ diskEncryptionSetId }) => diskEncryptionSetId);
      expect(disks.every((id) => id !== null)).toBe(true);
    });
  },
);

test('where it may not list, it asks Resource Graph, and says what may be missing', async () => {
  const build = (estate: Run['simulator']['estate']) => {
    for (const name of ['old', 'new']) estate.addDisk({ name });
  };
  await inAzure({ build }, async (run) => {
    run.line.answer(LISTS, 403, FORBIDDEN);
    run.simulator.faults.leaveOutNext({ path: GRAPH, times: 1_000 }, /\/disks\/new$/i);

    const plan = await ask(run, '', true);
    const done = await ask(run, '', false);

    for (const answered of [plan, done]) {
      expect(namesIn(answered)).toEqual(['old']);
      expect(answered.incomplete).toMatchObject({ code: 'resource-graph-lag' });
    }
  });
});

test('of a group without disks as well', async () => {
  await inAzure({ build: (estate) => estate.addGroup({ name: 'rg-empty' }) }, async (run) => {
    run.line.answer(LISTS, 403, FORBIDDEN);

    const plan = await ask(run, '/resourceGroups/rg-empty', true);

    expect(plan).toMatchObject({ results: [], incomplete: { code: 'resource-graph-lag' } });
  });
});

test('the sweep asks Resource Graph, which is cheap, and looks again', async () => {
  await inAzure({ build: (estate) => estate.addDisk({ name: 'loose' }) }, async (run) => {
    await run.sweep();

    expect(run.line.requests.some(({ path }) => GRAPH.test(path))).toBe(true);
    expect(run.line.requests.filter(({ path }) => LISTS.path.test(path))).toEqual([]);
  });
});
