import { readInstances } from '@keyturn/functions-host/read-instances';
import { describe, expect, test } from 'vitest';
import { LastingState } from '../../support/lasting-state.ts';
import { CALLS, HOUR_MS, inAzure, MINUTE_MS, type Run, type RunOptions } from '../a-run.ts';

const MOST_BYTES = 200_000;
const SOME = 600;
/** Pages in which 10,000 are started, and looks after which a generation ends. */
const STARTS_OF_MANY = 40;
const LOOKS_OF_A_GENERATION = 60 + 20;
/** Of the wire format. */
const TASK_SCHEDULED = 4;

const vmsNamed = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ name: `vm-${at + 1}` }));

function withDisks(count: number): NonNullable<RunOptions['build']> {
  return (estate) => {
    for (let at = 1; at <= count; at++) estate.addDisk({ name: `loose-${at}` });
  };
}

const groupOf = ({ simulator }: Run): string =>
  `/subscriptions/${simulator.subscriptionId}/resourceGroups/rg-test`;

async function ask(run: Run, target: string): Promise<string> {
  const { body } = await run.app.ask('POST', '/api/conversions', { target });
  return (body as { readonly id: string }).id;
}

async function outcomeOf(run: Run, id: string) {
  const { body } = await run.app.ask('GET', `/api/conversions/${id}`);
  return (body as { readonly outcome: unknown }).outcome as {
    readonly kind: string;
    readonly counts: Readonly<Record<string, number>>;
    readonly results: readonly { readonly outcome: { readonly kind: string } }[];
  };
}

describe('a request about many', () => {
  test('is told whole, with what became of each', async () => {
    const vms = vmsNamed(6);
    await inAzure({ vms, build: withDisks(150), policy: { maxResources: null } }, async (run) => {
      const id = await ask(run, groupOf(run));
      await run.time.advance(2 * HOUR_MS);

      const { kind, counts, results } = await outcomeOf(run, id);
      expect({ kind, counts }).toEqual({ kind: 'done', counts: { converted: 156 } });
      expect(results).toHaveLength(156);
      expect(new Set(results.map(({ outcome }) => outcome.kind))).toEqual(new Set(['converted']));
    });
  });

  test('reaches all of it when it is stopped, though the event of the stop is lost', async () => {
    const caps = {
      vms: 1,
      perRegion: null,
      perAvailabilitySet: 1,
      perZone: null,
      perEncryptionSet: null,
    };
    await inAzure({ vms: vmsNamed(5), policy: { caps } }, async (run) => {
      const id = await ask(run, groupOf(run));
      await run.time.runUntil(() => run.vm().deallocations > 0, HOUR_MS);
      await run.app.store.stopRequests.add(id, run.time.now());
      await run.time.advance(HOUR_MS);

      const { kind } = await outcomeOf(run, id);
      const switched = run.simulator.truth().vms.filter(({ deallocations }) => deallocations > 0);
      expect(kind).toBe('stopped');
      expect(switched.length).toBeLessThan(5);
      expect(run.simulator.truth().vms.every(({ powerState }) => powerState === 'running')).toBe(
        true,
      );
    });
  });

  test('that is stopped before anything is started says so, and of nothing else', async () => {
    await inAzure({ vms: vmsNamed(2) }, async (run) => {
      const id = await ask(run, groupOf(run));
      await run.app.ask('DELETE', `/api/conversions/${id}`);
      await run.time.advance(HOUR_MS);

      const { kind, counts, results } = await outcomeOf(run, id);
      expect({ kind, counts }).toEqual({ kind: 'stopped', counts: { stopped: 2 } });
      expect(results.map(({ outcome }) => outcome.kind)).toEqual(['stopped', 'stopped']);
      const all = await run.app.conversions();
      expect(all.find((each) => each.id === id)?.status).toBe('Canceled');
    });
  });

  test('has failed in the list, too, when one of it has', async () => {
    await inAzure({ vms: vmsNamed(2) }, async (run) => {
      const refusal = { status: 400, code: 'BadRequest', message: 'No.' };
      run.simulator.faults.refuseNext({ ...CALLS.encrypt, times: 1 }, refusal);
      const id = await ask(run, groupOf(run));
      await run.time.advance(HOUR_MS);

      expect((await outcomeOf(run, id)).counts).toEqual({ converted: 1, failed: 1 });
      const all = await run.app.conversions();
      expect(all.find((each) => each.id === id)?.status).toBe('Failed');
    });
  });

  test('no history would hold more than 200 KB with 10,000 of them', async () => {
    const state = new LastingState();
    const options = {
      build: withDisks(SOME),
      stateFile: state.path,
      // Each ends at once, and is started and looked at all the same.
      policy: { mode: 'report' as const, maxResources: null, maxPercent: null },
      restorationSchedule: '0 0 0 1 1 *',
    };
    await inAzure(options, async (run) => {
      const id = await ask(run, groupOf(run));
      await run.time.advance(5 * MINUTE_MS);
      expect((await outcomeOf(run, id)).counts).toEqual({ reported: SOME });
      await run.app.runSweep();
      await run.time.advance(5 * MINUTE_MS);
      await run.app.host.stop();

      const kept = readInstances(state.path).filter(({ name }) =>
        /^(convertScope|sweep)$/.test(name),
      );
      expect(kept.map(({ name }) => name).toSorted()).toEqual(['convertScope', 'sweep']);
      for (const { name, history } of kept) {
        const text = JSON.stringify(history);
        // What is found is told to the store alone.
        expect(text).not.toContain('/disks/loose-');
        const calls = history.filter(({ EventType }) => EventType === TASK_SCHEDULED).length;
        const more = name === 'sweep' ? STARTS_OF_MANY : STARTS_OF_MANY + LOOKS_OF_A_GENERATION;
        const bytes = text.length + (text.length / calls) * more;
        expect(bytes).toBeLessThan(MOST_BYTES);
      }
    });
    state.close();
  }, 60_000);
});

test('a sweep finds all before it starts any: what is converted shifts no page', async () => {
  const policy = { mode: 'report' as const, maxResources: null, maxPercent: null };
  await inAzure({ build: withDisks(1_010), policy }, async (run) => {
    await run.app.runSweep();
    await run.time.advance(10 * MINUTE_MS);

    const paths = run.line.requests.map(({ path }) => path);
    const searches = paths.map((path) => path.endsWith('Microsoft.ResourceGraph/resources'));
    const firstLook = paths.findIndex((path) => /\/disks\/loose-/.test(path));
    expect(searches.slice(0, firstLook).filter((isOne) => isOne).length).toBeGreaterThan(1);
    const seen = new Set(paths.filter((path) => /\/disks\/loose-\d+$/.test(path)));
    expect(seen.size).toBe(1_010);
  });
}, 120_000);
