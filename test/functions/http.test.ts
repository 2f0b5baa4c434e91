import { expect, test } from 'vitest';
import { ConfigError } from '../../src/config.ts';
import { instanceIdFor } from '../../src/durable/instance-id.ts';
import {
  areOn,
  HOUR_MS,
  inAzure,
  MINUTE_MS,
  type Run,
  setIdOf,
  standing,
} from '../orchestrators/a-run.ts';
import { aScope } from '../support/builders.ts';
import { OWNER } from '../support/simulated-app.ts';

const SUB = '/subscriptions/5d4f6a0e-3c1b-4f7e-9a52-0c7e8b1d2f30';
const VMS = [
  { name: 'vm-1', dataDisks: 1 },
  { name: 'vm-2', group: 'rg-2' },
];
const UNTOUCHED = { powerState: 'running', deallocations: 0, starts: 0, marked: false };
const ONCE = { powerState: 'running', deallocations: 1, starts: 1, marked: false };

interface Answered {
  readonly status: number;
  readonly body: {
    readonly id: string;
    readonly status: string;
    readonly outcome: { readonly kind: string; readonly results?: readonly Result[] };
    readonly progress: unknown;
    readonly value: readonly { readonly id: string; readonly kind: string; status: string }[];
    readonly nextLink?: string;
    readonly error: { readonly code: string; readonly details?: readonly unknown[] };
  };
}

interface Result {
  readonly target: { readonly kind: string; readonly id: string };
  readonly outcome: { readonly kind: string; readonly verdicts?: readonly { code: string }[] };
}

const ask = async ({ app }: Run, method: string, path: string, body?: unknown) =>
  (await app.ask(method, path, body)) as Answered;

test.for<[what: string, target: (run: Run) => string, converted: readonly string[]]>([
  ['disk', ({ disksOf }) => disksOf('vm-1')[1]?.id ?? '', ['vm-1']],
  ['VM', ({ vm }) => vm('vm-2').id, ['vm-2']],
  ['resource group', () => `${SUB}/resourceGroups/RG-TEST`, ['vm-1']],
  ['subscription', () => SUB, ['vm-1', 'vm-2']],
])('converts a %s that a person asks for', async ([, target, converted]) => {
  await inAzure({ vms: VMS }, async (run) => {
    const asked = await ask(run, 'POST', '/api/conversions', { target: target(run) });
    await run.quiet();

    expect(asked.status).toBe(202);
    for (const name of ['vm-1', 'vm-2']) {
      expect(standing(run.vm(name))).toEqual(converted.includes(name) ? ONCE : UNTOUCHED);
    }
    const { body } = await ask(run, 'GET', `/api/conversions/${asked.body.id}`);
    expect(body).toMatchObject({ id: asked.body.id, kind: 'request', status: 'Succeeded' });
    expect(body.outcome.results?.map(({ outcome }) => outcome.kind)).toEqual(
      converted.map(() => 'converted'),
    );
  });
});

test('says where to look for a conversion, and when', async () => {
  await inAzure({ vms: VMS }, async ({ app, vm, quiet }) => {
    const headers = { 'content-type': 'application/json', ...OWNER };
    const body = JSON.stringify({ target: vm().id });
    const url = `${app.host.url}/api/conversions`;
    const response = await app.host.request(new Request(url, { method: 'POST', headers, body }));
    const { id } = (await response.json()) as { id: string };
    await quiet();

    expect(response.headers.get('location')).toBe(`${app.host.url}/api/conversions/${id}`);
    expect(response.headers.get('retry-after')).toBe('5');
  });
});

test('converts a loose disk by its ID in any case', async () => {
  await inAzure({ build: (estate) => estate.addDisk({ name: 'loose' }) }, async (run) => {
    const [{ id } = { id: '' }] = run.simulator.truth().disks;

    await run.convert(`${id.toUpperCase().replace('/SUBSCRIPTIONS', '/subscriptions')}/`);

    expect(areOn(run.simulator.truth().disks, setIdOf(run.simulator))).toBe(true);
  });
});

test.for([false, true])('says that there is no such group (dry run: %s)', async (dryRun) => {
  await inAzure({ vms: VMS }, async (run) => {
    const groups = ['rg-nope', 'rg-keys'].map((name) => `${SUB}/resourceGroups/${name}`);
    const outcomes = [];
    for (const target of groups) {
      const asked = await ask(run, 'POST', '/api/conversions', { target, dryRun });
      await run.quiet();
      const { body } = await ask(run, 'GET', `/api/conversions/${asked.body.id}`);
      outcomes.push({ status: body.status, ...body.outcome });
    }

    expect(outcomes).toMatchObject([
      { status: 'Failed', kind: 'not-found', code: 'ResourceGroupNotFound' },
      { status: 'Succeeded', results: [] },
    ]);
  });
});

test('a request of which all is deferred did not succeed yet', async () => {
  await inAzure({ vms: VMS, policy: { when: 'on-approval' } }, async (run) => {
    const asked = await ask(run, 'POST', '/api/conversions', { target: SUB });
    await run.quiet();

    const { body } = await ask(run, 'GET', `/api/conversions/${asked.body.id}`);
    expect(body.status).toBe('Deferred');
    expect(body.outcome.results?.map(({ outcome }) => outcome.kind)).toEqual([
      ...['deferred', 'deferred'],
    ]);
    expect(standing(run.vm())).toEqual(UNTOUCHED);
  });
});

test('changes nothing in a dry run, and gives the reasons', async () => {
  await inAzure(
    {
      vms: VMS,
      build: (estate) => {
        estate.addSnapshot({ name: 's', disk: 'vm-1-data-1' });
        estate.addDisk({ name: 'loose' });
      },
    },
    async (run) => {
      const asked = await ask(run, 'POST', '/api/conversions', { target: SUB, dryRun: true });
      await run.quiet();

      const { body } = await ask(run, 'GET', `/api/conversions/${asked.body.id}`);
      expect(body.outcome.kind).toBe('planned');
      const told = Object.fromEntries(
        (body.outcome.results ?? []).map(({ target, outcome }) => [
          target.id.split('/').at(-1),
          [outcome.kind, ...(outcome.verdicts ?? []).map(({ code }) => code)],
        ]),
      );
      expect(told).toMatchObject({
        'vm-1': ['blocked', 'incremental-snapshots'],
        'vm-2': ['reported', 'temporary-disk', 'disk-encryption-history'],
        loose: ['reported', 'disk-encryption-history', 'restore-points-history'],
      });
      expect([standing(run.vm('vm-1')), standing(run.vm('vm-2'))]).toEqual([UNTOUCHED, UNTOUCHED]);
      expect(run.line.requests.filter(({ method }) => method === 'PATCH')).toEqual([]);
    },
  );
});

const VM = `${SUB}/resourceGroups/rg-test/providers/Microsoft.Compute/virtualMachines/vm-1`;

test.for<[what: string, status: number, code: string, body: unknown]>([
  ['no JSON', 400, 'InvalidRequestContent', '{"target":'],
  ['an empty body', 400, 'InvalidRequestContent', ''],
  ['null', 400, 'InvalidRequestContent', 'null'],
  ['a list', 400, 'InvalidRequestContent', []],
  ['no target', 400, 'InvalidRequestContent', {}],
  ['an unknown member', 400, 'InvalidRequestContent', { target: VM, force: true }],
  ['a text for a truth value', 400, 'InvalidRequestContent', { target: VM, dryRun: 'false' }],
  [
    'a snapshot',
    400,
    'InvalidRequestContent',
    { target: VM.replace('virtualMachines', 'snapshots') },
  ],
  ['a path that climbs', 400, 'InvalidRequestContent', { target: `${SUB}/resourceGroups/..` }],
  ['a path with %2f', 400, 'InvalidRequestContent', { target: `${VM}%2f..` }],
  ['a tenant', 400, 'InvalidRequestContent', { target: '/' }],
  ['an endless ID', 400, 'InvalidRequestContent', { target: `${VM}${'x'.repeat(3_000)}` }],
  ['too much', 413, 'RequestContentTooLarge', { target: VM, x: 'x'.repeat(20_000) }],
  ['another subscription', 403, 'OutOfPolicyScope', { target: VM.replace('5d4f6a0e', '00000000') }],
  ['a group out of scope', 403, 'OutOfPolicyScope', { target: VM.replace('rg-test', 'rg-2') }],
])("refuses %s in ARM's words", async ([, status, code, body]) => {
  const scope = [aScope(SUB.slice(15), { resourceGroups: ['rg-test'] })];
  await inAzure({ vms: VMS, policy: { scope } }, async (run) => {
    const answered = await ask(run, 'POST', '/api/conversions', body);
    await run.time.advance(MINUTE_MS);

    expect([answered.status, answered.body.error.code]).toEqual([status, code]);
    expect(Object.keys(answered.body)).toEqual(['error']);
    expect(run.line.requests).toEqual([]);
    expect((await ask(run, 'GET', '/api/conversions')).body.value).toEqual([]);
  });
});

test('lists conversions by pages, the newest first', async () => {
  const vms = Array.from({ length: 5 }, (_, index) => ({ name: `vm-${index + 1}` }));
  await inAzure({ vms, policy: { mode: 'report' } }, async (run) => {
    for (const { name } of vms) {
      await run.convert(run.vm(name).id);
      await run.time.advance(MINUTE_MS);
    }

    const seen: string[] = [];
    let path: string | undefined = '/api/conversions?top=4';
    let pages = 0;
    while (path !== undefined && pages < 10) {
      const { body }: Answered = await ask(run, 'GET', path);
      seen.push(...body.value.map(({ id }) => id));
      pages += 1;
      path = body.nextLink?.slice(run.app.host.url.length);
    }
    const { body: all } = await ask(run, 'GET', '/api/conversions');
    const { body: none } = await ask(
      run,
      'GET',
      '/api/conversions?createdAfter=2027-01-01T00:00:00Z',
    );

    expect([seen.length, new Set(seen).size, pages]).toEqual([10, 10, 3]);
    expect(all.value.map(({ id }) => id)).toEqual(seen);
    expect(all.nextLink).toBeUndefined();
    expect(none.value).toEqual([]);
  });
});

test.for(['?top=0', '?top=501', '?top=x', '?skip=-1', '?createdAfter=yesterday', '?unknown=1'])(
  'refuses to list with %s',
  async (query) => {
    await inAzure({}, async (run) => {
      const { status, body } = await ask(run, 'GET', `/api/conversions${query}`);

      expect([status, body.error.code]).toEqual([400, 'InvalidQueryParameter']);
    });
  },
);

test.for([
  'sweep',
  `vm-${'0'.repeat(32)}`,
  'vm-1',
  'notice-00000000000000000000000000000000',
  '%2e%2e',
  'a%2fb',
])('knows no conversion %s', async (id) => {
  await inAzure({ vms: VMS, policy: { mode: 'report' } }, async (run) => {
    await run.sweep();
    for (const method of ['GET', 'DELETE']) {
      const { status, body } = await ask(run, method, `/api/conversions/${id}`);
      expect(status).toBe(404);
      if (body !== null) expect(body.error.code).toBe('ConversionNotFound');
    }
  });
});

const NEW_VM = [{ name: 'vm-1', dataDisks: 1, ageDays: 0 }];

test.for([1, 2, 7, 9])(
  'never switches a settling VM off that somebody stopped after %i minutes',
  async (minutes) => {
    await inAzure({ vms: NEW_VM, policy: { settleMinutes: 10 } }, async (run) => {
      const id = instanceIdFor('vm', run.vm().id);
      await run.app.runSweep();
      await run.time.advance(minutes * MINUTE_MS);

      const stopped = await ask(run, 'DELETE', `/api/conversions/${id}`);
      await run.time.advance(HOUR_MS);

      expect(stopped.status).toBe(202);
      expect((await run.view()).status).toBe('Canceled');
      expect(standing(run.vm())).toEqual(UNTOUCHED);
    });
  },
);

test('heeds a stop that comes while a settled VM is read again', async () => {
  await inAzure({ vms: NEW_VM, policy: { settleMinutes: 10 } }, async (run) => {
    const id = instanceIdFor('vm', run.vm().id);
    // The second look: the wait is over, and none is open for the event.
    run.line.before(
      { method: 'GET', path: /\/virtualMachines\/[^/]+$/ },
      async () => {
        await ask(run, 'DELETE', `/api/conversions/${id}`);
        await new Promise((resolve) => setTimeout(resolve, 1_000));
      },
      { nth: 2 },
    );

    await run.sweep();

    expect((await run.view()).status).toBe('Canceled');
    expect(standing(run.vm())).toEqual(UNTOUCHED);
  });
});

test('stops a request with all its VMs that are not off yet', async () => {
  const vms = ['vm-1', 'vm-2', 'vm-3'].map((name) => ({ name, ageDays: 0 }));
  await inAzure({ vms, policy: { settleMinutes: 30 } }, async (run) => {
    const asked = await ask(run, 'POST', '/api/conversions', { target: SUB });
    await run.time.advance(10 * MINUTE_MS);

    await ask(run, 'DELETE', `/api/conversions/${asked.body.id}`);
    await run.time.advance(HOUR_MS);

    for (const { name } of vms) {
      expect(standing(run.vm(name))).toEqual(UNTOUCHED);
      expect((await run.view(run.vm(name).id)).status).toBe('Canceled');
    }
    const { body } = await ask(run, 'GET', `/api/conversions/${asked.body.id}`);
    expect(body.outcome.results?.map(({ outcome }) => outcome.kind)).toEqual([
      'stopped',
      'stopped',
      'stopped',
    ]);
    expect(body.status).toBe('Canceled');
  });
});

test.for(['deallocating', 'deallocated', 'starting'])(
  'finishes a VM that is %s when somebody stops it',
  async (powerState) => {
    await inAzure({ vms: [{ name: 'vm-1', dataDisks: 3 }] }, async (run) => {
      const id = instanceIdFor('vm', run.vm().id);
      await run.app.runSweep();
      await run.time.runUntil(() => run.vm().powerState === powerState);

      expect((await ask(run, 'DELETE', `/api/conversions/${id}`)).status).toBe(202);
      await run.quiet();

      expect(standing(run.vm())).toEqual(ONCE);
      expect(areOn(run.disksOf(), setIdOf(run.simulator))).toBe(true);
      expect((await ask(run, 'DELETE', `/api/conversions/${id}`)).status).toBe(200);
    });
  },
);

test('describes exactly the HTTP routes that it has', async () => {
  await inAzure({}, async (run) => {
    const { body } = await run.app.ask('GET', '/api/openapi.json');
    const { paths } = body as { paths: Record<string, Record<string, object>> };
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods)
        .filter((method) => method !== 'parameters')
        .map((method) => `${method} api${path}`),
    );
    const { body: functions } = await run.app.ask('GET', '/admin/functions');
    const registered = (functions as readonly Registered[]).flatMap(({ config }) =>
      config.bindings
        .filter(({ type }) => type === 'httpTrigger')
        .flatMap(({ methods = [], route }) =>
          methods.map((method) => `${method.toLowerCase()} api/${route}`),
        ),
    );

    expect(described.toSorted()).toEqual(registered.toSorted());
  });
});

interface Registered {
  readonly config: {
    readonly bindings: readonly { type: string; methods?: string[]; route?: string }[];
  };
}

test("serves the policy's schema", async () => {
  await inAzure({}, async (run) => {
    expect(await run.app.ask('GET', '/api/policy.schema.json')).toEqual({ status: 200, body: {} });
  });
});

test('says that the policy file has become wrong instead of doing anything', async () => {
  await inAzure({ vms: VMS }, async (run) => {
    run.app.setPolicy(new ConfigError(['policy.yaml:1: mode is wrong']));

    const asked = await ask(run, 'POST', '/api/conversions', { target: SUB });
    await run.quiet();

    expect(asked.status).toBe(500);
    expect(asked.body.error.code).toBe('PolicyUnusable');
    expect(standing(run.vm('vm-1'))).toEqual(UNTOUCHED);
  });
});

test('says when the sweep runs, and when it last did', async () => {
  await inAzure({}, async ({ app }) => {
    const before = (await app.ask('GET', '/api/sweep')).body;
    await app.runSweep();
    await app.host.idle();
    const { body } = await app.ask('GET', '/api/sweep');

    expect(before).toMatchObject({ schedule: '0 0 3 * * *', last: null });
    expect(body).toMatchObject({ schedule: '0 0 3 * * *', last: expect.stringMatching(/Z$/) });
  });
});
