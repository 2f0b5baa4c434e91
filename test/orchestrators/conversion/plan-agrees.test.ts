import type { VmDescription } from '@keyturn/azure-simulator/estate-description';
import { Random } from '@keyturn/azure-simulator/random';
import { expect, test } from 'vitest';
import type { PlannedScope, PlannedTarget } from '../../../src/domain/conversion/planned-scope.ts';
import type { ConversionPolicy } from '../../../src/domain/policy/conversion-policy.ts';
import { aTable } from '../../support/a-table.ts';
import {
  CALLS,
  HOUR_MS,
  inAzure,
  type Outcome,
  type Run,
  type RunOptions,
  setIdOf,
} from '../a-run.ts';

const SEEDS = Array.from({ length: 40 }, (_, seed) => seed + 1);
const WINDOW = 'keyturn:window';
/** The runs begin on a Sunday at 08:00 UTC. */
const AT_TEN = { days: ['sun' as const], fromMinute: 600, toMinute: 720, timeZone: 'UTC' };
const NOW = { ...AT_TEN, fromMinute: 420 };
const SHORT = { ...AT_TEN, toMinute: 601 };
const ANNA = { objectId: '8d6a5b1e-2c3f-4a7b-9d8e-1f0a2b3c4d5e', name: 'anna@contoso.example' };

const VMS: readonly Partial<VmDescription>[] = [
  {},
  { dataDisks: 2 },
  { power: 'deallocated', dataDisks: 1 },
  { power: 'stopped' },
  { power: 'hibernated' },
  { ageDays: 0 },
  { osDisk: 'ephemeral', dataDisks: 1 },
  { osDisk: { ade: 'now' } },
  { dataDisks: [{ state: 'ActiveSAS' }] },
  { power: 'deallocated', dataDisks: [{ state: 'ActiveSAS' }] },
  { spot: 'Deallocate' },
  { publicIp: 'dynamic' },
  { autoShutdown: '1900' },
  { location: 'uksouth' },
  { tags: { 'keyturn:exclude': 'quarter end' } },
  { tags: { 'keyturn:exclude-until': 'soon' } },
  { tags: { [WINDOW]: 'Sun 07:00-12:00 UTC' } },
  { tags: { [WINDOW]: 'Sat 22:00-04:00 Europe/Amsterdam' } },
  { tags: { [WINDOW]: 'Sat 22:00-04:00 W. Europe Standard Time' } },
  { tags: { [WINDOW]: 'Sat 22:00-04:00 BST' } },
  { tags: { [WINDOW]: 'Sun 10:00-10:01 UTC' } },
  { tags: { [WINDOW]: 'at night' }, power: 'deallocated' },
  { tags: { 'keyturn:group': 'nodes' } },
];

const POLICIES: readonly Partial<ConversionPolicy>[] = [
  {},
  {},
  { mode: 'report' },
  { mode: 'report', when: 'in-window', windows: [] },
  { mayDeallocate: false },
  { when: 'when-deallocated' },
  { when: 'in-window', windows: [AT_TEN] },
  { when: 'in-window', windows: [NOW] },
  { when: 'in-window', windows: [SHORT] },
  { when: 'in-window', windows: [] },
  { when: 'on-approval' },
  { when: 'on-approval', windows: [SHORT] },
  { settleMinutes: 45 },
  { maxResources: 2 },
  { maxPercent: 40 },
  { encryptionSets: [] },
  {
    caps: { vms: 1, perRegion: null, perAvailabilitySet: 1, perZone: null, perEncryptionSet: null },
  },
];

const REFUSED = { error: { code: 'PropertyChangeNotAllowed', message: 'It may not change.' } };
const FORBIDDEN = { error: { code: 'AuthorizationFailed', message: 'The client may not.' } };

/** What stands in the way besides, before the plan; `refuses`: of what only its refusal can tell. */
interface Obstacle {
  readonly refuses?: true;
  readonly put: (run: Run, store: ReturnType<typeof aTable>['state']) => unknown;
}

const reading = (path: RegExp): Obstacle => ({
  put: ({ line }) => line.answer({ method: 'GET', path }, 403, FORBIDDEN),
});
const NOTHING: Obstacle = { put: () => undefined };
const OBSTACLES: readonly Obstacle[] = [
  ...Array.from({ length: 6 }, () => NOTHING),
  reading(/\/virtualMachines\/vm-1$/),
  reading(/\/disks\/vm-2$/),
  reading(/\/disks\/loose$/),
  reading(/\/diskEncryptionSets\/des-westeurope$/),
  reading(/\/locks$/),
  { put: (_run, store) => Object.assign(store, { isAway: true }) },
  { put: ({ app }) => app.store.stops.set({ scope: 'everything', ...BY_ANNA }) },
  { put: (run) => run.app.store.stops.set({ scope: setIdOf(run.simulator), ...BY_ANNA }) },
  { put: decideOnApprovals },
  { put: decideOnApprovals },
  { refuses: true, put: ({ line }) => line.answer(CALLS.mark, 409, REFUSED) },
  { refuses: true, put: ({ line }) => line.answer(CALLS.deallocate, 409, REFUSED) },
  { refuses: true, put: ({ line }) => line.answer(CALLS.encrypt, 409, REFUSED) },
];
const BY_ANNA = { by: ANNA.name, reason: 'an incident', atMs: 0 };

/** Approves the first that waits for it, rejects the second, and leaves the rest to wait. */
async function decideOnApprovals(run: Run): Promise<void> {
  await request(run, false);
  const waiting = await run.app.store.approvals.list();
  for (const [place, { id, planDigest }] of waiting.slice(0, 2).entries()) {
    const kind = place === 0 ? ('approved' as const) : ('rejected' as const);
    const decision = { kind, by: ANNA, atMs: Date.now(), reason: null, planDigest };
    await run.app.store.approvals.decide(id, decision, { notByRequester: false });
  }
}

function draw<T>(random: Random, from: readonly T[]): T {
  const drawn = from[Math.floor(random.next() * from.length)];
  if (drawn === undefined) throw new Error('There is nothing to draw.');
  return drawn;
}

function drawEstate(random: Random): RunOptions {
  const vms = ['vm-1', 'vm-2', 'vm-3', 'vm-4'].map((name) => ({ ...draw(random, VMS), name }));
  const isLocked = random.next() < 0.2;
  const hasSnapshot = random.next() < 0.2;
  return {
    vms,
    build: (estate, { subscriptionId }) => {
      estate.addDisk({ name: 'loose' });
      estate.addDisk({ name: 'exported', state: 'ActiveSAS' });
      if (hasSnapshot) estate.addSnapshot({ name: 'snap', disk: 'loose' });
      const scope = `/subscriptions/${subscriptionId}/resourceGroups/rg-test`;
      if (isLocked) estate.addLock({ name: 'keep', scope, level: 'ReadOnly' });
    },
  };
}

interface Asked {
  readonly status: string;
  readonly outcome: PlannedScope | { readonly kind: string; readonly code?: string };
}

/** Asks, and waits for the answer, not for what comes later by itself. */
async function request(run: Run, dryRun: boolean): Promise<Asked['outcome']> {
  const target = `/subscriptions/${run.simulator.subscriptionId}`;
  const { body } = await run.app.ask('POST', '/api/conversions', { target, dryRun });
  const { id } = body as { readonly id: string };
  const read = async () => (await run.app.ask('GET', `/api/conversions/${id}`)).body as Asked;
  await run.time.runUntil(async () => (await read()).status !== 'Running', 12 * HOUR_MS);
  return (await read()).outcome;
}

type Ended = Outcome | PlannedTarget['outcome'];

/** What has to be the same: the kind, and why. */
function essence(outcome: Ended): readonly unknown[] {
  const { kind, reason = null, verdicts = [] } = outcome as Outcome;
  const codes = kind === 'blocked' ? verdicts.map(({ code }) => code).toSorted() : [];
  return [kind, reason, codes];
}

/** What a planned outcome allows a conversion to end as. */
function foreseen({ outcome }: PlannedTarget, ended: Outcome, refuses: boolean) {
  const isOnlyAzures =
    refuses || ('verdicts' in outcome && outcome.verdicts.some((v) => v.answer === 'undecidable'));
  if (outcome.kind === 'reported' && outcome.mode === 'enforce') {
    return isOnlyAzures && ended.kind === 'failed' ? ['failed', null, []] : ['converted', null, []];
  }
  const waits = outcome.kind === 'deferred' && ['busy', 'settling'].includes(outcome.reason);
  // It is judged once it has settled.
  return waits ? essence(ended) : essence(outcome);
}

test.for(SEEDS)('what is planned is what happens (seed %i)', async (seed) => {
  const random = new Random(seed);
  const store = aTable();
  const obstacle = draw(random, OBSTACLES);
  const policy = draw(random, POLICIES);
  await inAzure({ seed, policy, table: store.table, ...drawEstate(random) }, async (run) => {
    await obstacle.put(run, store.state);

    const plan = await request(run, true);
    const before = run.simulator.truth().vms.map(({ deallocations }) => deallocations);
    const done = await request(run, false);

    expect(before.every((count) => count === 0 || obstacle.put === decideOnApprovals)).toBe(true);
    if (!('results' in plan)) {
      expect(done).toMatchObject(plan);
      return;
    }
    expect(done.kind).toBe(plan.tooMany?.kind ?? 'done');
    if (plan.tooMany) {
      expect(done).toMatchObject(plan.tooMany);
      return;
    }
    for (const planned of plan.results) {
      const { outcome } = await run.view(planned.target.id);
      expect([planned.target.id, ...essence(outcome)]).toEqual([
        planned.target.id,
        ...foreseen(planned, outcome, obstacle.refuses ?? false),
      ]);
    }
  });
});

test('a plan tells of the places that are taken now', async () => {
  const vms = [{ name: 'vm-1' }, { name: 'vm-2', power: 'deallocated' as const }];
  const caps = {
    vms: 1,
    perRegion: null,
    perAvailabilitySet: 1,
    perZone: null,
    perEncryptionSet: null,
  };
  await inAzure({ vms, policy: { caps } }, async (run) => {
    const taken = [{ key: 'vms', limit: 1 }];
    const untilMs = Date.now() + HOUR_MS;
    await run.app.store.leases.take({ holder: 'another', vmId: '/vm', caps: taken, untilMs });

    const plan = await request(run, true);

    const results = 'results' in plan ? plan.results : [];
    expect(results.map(({ outcome }) => essence(outcome))).toEqual([
      ['deferred', 'no-free-place', []],
      ['reported', null, []],
    ]);
  });
});
