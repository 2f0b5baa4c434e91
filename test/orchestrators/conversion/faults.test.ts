import { expect, test } from 'vitest';
import {
  areOn,
  CALLS,
  HOUR_MS,
  inAzure,
  MINUTE_MS,
  type Run,
  setIdOf,
  standing,
} from '../a-run.ts';

const RUNS = { powerState: 'running', marked: false };
const ONCE = { ...RUNS, deallocations: 1, starts: 1 };
const VMS = [{ name: 'vm-1', dataDisks: 2 }];
const LAST_DISK = { method: 'PATCH', path: /vm-1-data-2$/ };
const NO = { code: 'OperationNotAllowed', message: 'No.' };

test.for<[what: string, kind: string, code: string | undefined, arrange: (run: Run) => void]>([
  [
    'is refused at once',
    'refused',
    'OperationNotAllowed',
    ({ simulator }) => simulator.faults.refuseNext(LAST_DISK, { status: 409, ...NO }),
  ],
  [
    'is refused with 400',
    'refused',
    'InvalidParameter',
    ({ simulator }) =>
      simulator.faults.refuseNext(LAST_DISK, { status: 400, ...NO, code: 'InvalidParameter' }),
  ],
  [
    'is accepted and fails',
    'refused',
    'KeyVaultAccessForbidden',
    ({ simulator }) =>
      simulator.faults.failOperationNext(LAST_DISK, { ...NO, code: 'KeyVaultAccessForbidden' }),
  ],
  [
    'vanishes while the VM is off',
    'gone',
    undefined,
    (run) => run.line.before(LAST_DISK, () => removeDisk(run, 'vm-1-data-2')),
  ],
])(
  'converts the siblings and starts the VM when one disk of three %s',
  async ([, kind, code, arrange]) => {
    await inAzure({ vms: VMS }, async (run) => {
      arrange(run);

      await run.sweep();

      expect(standing(run.vm())).toEqual(ONCE);
      const siblings = run.disksOf().filter(({ id }) => !id.endsWith('data-2'));
      expect(siblings).toHaveLength(2);
      expect(areOn(siblings, setIdOf(run.simulator))).toBe(true);
      const { outcome } = await run.view();
      expect(outcome.kind).toBe(kind === 'gone' ? 'converted' : 'failed');
      const told = outcome.disks?.find(({ diskId }) => diskId.endsWith('data-2'));
      expect([told?.kind, told?.code]).toEqual([kind, code]);
    });
  },
);

test('calls no disk gone that is there: the set was deleted while the VM was off', async () => {
  await inAzure({ vms: VMS }, async (run) => {
    run.line.before(CALLS.encrypt, async () => {
      await run.administer('DELETE', setIdOf(run.simulator));
      await passing(10_000);
    });

    await run.sweep();

    expect(standing(run.vm())).toEqual(ONCE);
    const { outcome } = await run.view();
    expect(outcome.kind).toBe('failed');
    expect(outcome.disks?.map(({ kind, code }) => [kind, code])).toEqual([
      ['refused', 'NotFound'],
      ['refused', 'NotFound'],
      ['refused', 'NotFound'],
    ]);
  });
});

test.for(
  Object.entries(CALLS).flatMap(([name, call]) => [
    ['throttled for 30 s', name, (run: Run) => run.simulator.faults.throttleNext(call, 30)],
    [
      'throttled five times over',
      name,
      (run: Run) => run.simulator.faults.throttleNext({ ...call, times: 5 }, 7),
    ],
    [
      'answered 503 without a body',
      name,
      (run: Run) => run.line.answer(call, 503, '', { times: 2 }),
    ],
    [
      'answered 503 with a body',
      name,
      (run: Run) => run.line.answer(call, 503, ERROR_503, { times: 2 }),
    ],
    [
      'answered 503 with Retry-After',
      name,
      (run: Run) =>
        run.line.answer(call, 503, ERROR_503, { times: 2, headers: { 'retry-after': '20' } }),
    ],
    [
      'answered 502 with a page of a gateway',
      name,
      (run: Run) =>
        run.simulator.faults.refuseNext({ ...call, times: 2 }, { status: 502, body: PAGE_502 }),
    ],
    [
      'answered 409 for another operation',
      name,
      (run: Run) => run.line.answer(call, 409, { error: { code: 'Conflict' } }, { times: 2 }),
    ],
    [
      'cut off before Azure took it',
      name,
      (run: Run) => run.simulator.faults.dropNext({ ...call, times: 2 }, 'before'),
    ],
    [
      'cut off after Azure took it',
      name,
      (run: Run) => run.simulator.faults.dropNext({ ...call, times: 2 }, 'after'),
    ],
    [
      'answered after a minute',
      name,
      (run: Run) => run.simulator.faults.delayNext(call, MINUTE_MS),
    ],
  ]) as [string, string, (run: Run) => void][],
)('converts all disks in one outage when a call is %s: %s', async ([, , arrange]) => {
  await inAzure({ vms: VMS }, async (run) => {
    arrange(run);

    await run.sweep();

    expect(standing(run.vm())).toMatchObject({ ...RUNS, deallocations: 1 });
    expect(areOn(run.disksOf(), setIdOf(run.simulator))).toBe(true);
    expect((await run.view()).outcome.kind).toBe('converted');
  });
});

test.for(['mark', 'deallocate', 'readVm', 'readDisk', 'start'] as const)(
  'waits as long as Azure says when it throttles for an hour: %s',
  async (name) => {
    await inAzure({ vms: VMS }, async (run) => {
      run.simulator.faults.throttleNext(CALLS[name], 3_600);

      await run.sweep();

      expect(standing(run.vm())).toMatchObject({ ...RUNS, deallocations: 1 });
      expect(areOn(run.disksOf(), setIdOf(run.simulator))).toBe(true);
    });
  },
);

const FACTS = [
  /diskEncryptionSets\/[^/]+$/,
  /^\/keys\//,
  /\/resourcegroups\/[^/]+$/i,
  /\/snapshots$/,
  /\/restorePointCollections$/,
  /ResourceGraph/,
];

test.for(FACTS)('waits for a fact that Azure throttles, instead of blocking: %s', async (path) => {
  await inAzure({ vms: VMS }, async (run) => {
    run.simulator.faults.throttleNext({ path, times: 3 }, 60);

    await run.sweep();

    expect(standing(run.vm())).toEqual(ONCE);
    expect((await run.view()).outcome.kind).toBe('converted');
  });
});

test.for(FACTS)(
  'converts by the third sweep when a gateway answers twice in place of a fact: %s',
  async (path) => {
    await inAzure({ vms: VMS }, async (run) => {
      run.simulator.faults.refuseNext({ path, times: 2 }, { status: 502, body: PAGE_502 });

      for (let sweeps = 0; sweeps < 3; sweeps += 1) {
        await run.sweep();
        await run.time.advance(HOUR_MS);
      }

      expect(run.simulator.faults.list()).toEqual([]);
      expect(standing(run.vm())).toEqual(ONCE);
      expect(areOn(run.disksOf(), setIdOf(run.simulator))).toBe(true);
    });
  },
);

test('does not keep a VM off for an hour because one disk is throttled that long', async () => {
  await inAzure({ vms: VMS }, async (run) => {
    run.simulator.faults.throttleNext(LAST_DISK, 3_600);

    await run.sweep();

    expect(standing(run.vm())).toEqual(ONCE);
    expect(offMs(run)).toBeLessThan(20 * MINUTE_MS);
    const { outcome } = await run.view();
    expect(outcome.kind).toBe('failed');
    expect(outcome.disks?.map(({ kind }) => kind).sort()).toEqual([
      'encrypted',
      'encrypted',
      'timed-out',
    ]);
  });
});

test.for<[change: string, act: (run: Run) => unknown]>([
  [
    'the key is disabled',
    ({ simulator, keyUrl }) => simulator.estate.changeKey(keyUrl, { enabled: false }),
  ],
  ['the scope is narrowed', ({ app, policy }) => app.setPolicy(policy({ scope: [] }))],
  ['the mode becomes report', ({ app, policy }) => app.setPolicy(policy({ mode: 'report' }))],
])('does not switch a VM off on an old verdict: %s while Azure throttles', async ([, act]) => {
  for (const call of [CALLS.mark, CALLS.deallocate]) {
    await inAzure({ vms: VMS }, async (run) => {
      run.simulator.faults.throttleNext(call, 1_800);
      run.line.before(call, () => setTimeout(() => void act(run), 5 * MINUTE_MS));

      await run.sweep();

      const asked = run.line.requests.filter(({ path }) => path.endsWith('/deallocate'));
      expect(asked).toHaveLength(call === CALLS.deallocate ? 1 : 0);
      expect(run.vm().starts).toBe(0);
      expect(run.vm().tags).toEqual({});
    });
  }
});

test('leaves a VM off that its owner switched off while Azure throttled its mark', async () => {
  await inAzure({ vms: VMS }, async (run) => {
    run.simulator.faults.throttleNext(CALLS.mark, 1_800);
    run.line.before(CALLS.mark, () =>
      setTimeout(() => void run.administer('POST', `${run.vm().id}/deallocate`), 5 * MINUTE_MS),
    );

    await run.sweep();

    expect(standing(run.vm())).toEqual({
      powerState: 'deallocated',
      deallocations: 1,
      starts: 0,
      marked: false,
    });
    expect(areOn(run.disksOf(), setIdOf(run.simulator))).toBe(true);
  });
});

test.for(
  (['mark', 'deallocate', 'encrypt', 'start'] as const).flatMap((name) =>
    [1, 5, 20].map((minutes) => [minutes, name] as const),
  ),
)('outlives an outage of %i minutes that begins at: %s', async ([minutes, name]) => {
  await inAzure({ vms: VMS, policy: { retryRefusedAfterHours: 1 } }, async (run) => {
    run.line.before(CALLS[name], () => run.line.cutFor(minutes * MINUTE_MS));

    await run.sweep();

    expect(run.vm().powerState).toBe('running');
    await run.time.advance(2 * HOUR_MS);
    await run.sweep();
    await run.time.advance(2 * HOUR_MS);
    await run.sweep();
    expect(standing(run.vm())).toMatchObject(RUNS);
    expect(run.vm().deallocations).toBeLessThanOrEqual(2);
    expect(areOn(run.disksOf(), setIdOf(run.simulator))).toBe(true);
  });
});

test.for<[what: string, code: string, arrange: (run: Run) => void]>([
  [
    'fails',
    'InternalExecutionError',
    ({ simulator }) =>
      simulator.faults.failOperationNext(CALLS.deallocate, {
        code: 'InternalExecutionError',
        message: 'No.',
      }),
  ],
  [
    'is refused',
    'AuthorizationFailed',
    ({ simulator }) =>
      simulator.faults.refuseNext(CALLS.deallocate, {
        status: 403,
        code: 'AuthorizationFailed',
        message: 'No.',
      }),
  ],
  [
    'may not be marked',
    'AuthorizationFailed',
    ({ simulator }) =>
      simulator.faults.refuseNext(CALLS.mark, {
        status: 403,
        code: 'AuthorizationFailed',
        message: 'No.',
      }),
  ],
])('leaves the VM running when its deallocation %s', async ([, code, arrange]) => {
  await inAzure({ vms: VMS }, async (run) => {
    arrange(run);

    await run.sweep();

    expect(standing(run.vm())).toEqual({ ...RUNS, deallocations: 0, starts: 0 });
    expect((await run.view()).outcome).toMatchObject({ kind: 'failed', vmProblem: code });
  });
});

test.for([25, 45])('sees a deallocation of %i minutes through', async (minutes) => {
  await inAzure({ vms: VMS }, async (run) => {
    // The real operation ends at once; the instance view shows it so much later.
    const { line, direct } = run;
    let until = Number.POSITIVE_INFINITY;
    line.before(CALLS.deallocate, () => {
      until = Date.now() + minutes * MINUTE_MS;
    });
    line.rewrite(
      /\/virtualMachines\/[^/]+$/,
      (body) =>
        run.vm().powerState === 'deallocated' && Date.now() < until
          ? JSON.parse(
              JSON.stringify(body).replace('PowerState/deallocated', 'PowerState/deallocating'),
            )
          : body,
      direct,
    );

    await run.sweep();

    expect(standing(run.vm())).toEqual(ONCE);
    const { outcome } = await run.view();
    if (minutes === 25) expect(areOn(run.disksOf(), setIdOf(run.simulator))).toBe(true);
    else expect(outcome).toMatchObject({ kind: 'failed', vmProblem: 'DeallocationTimedOut' });
  });
});

const NO_CAPACITY = { code: 'AllocationFailed', message: 'No capacity.' };

test.for([1, 3])('starts the VM after %i failed allocations', async (times) => {
  await inAzure({ vms: VMS }, async (run) => {
    run.simulator.faults.failOperationNext({ ...CALLS.start, times }, NO_CAPACITY);

    await run.sweep();

    expect(standing(run.vm())).toEqual(ONCE);
    expect((await run.view()).outcome.kind).toBe('converted');
  });
});

test('says that a VM was left off, keeps it marked, and starts it by a later sweep', async () => {
  await inAzure({ vms: VMS }, async (run) => {
    run.simulator.faults.failOperationNext({ ...CALLS.start, times: 50 }, NO_CAPACITY);

    await run.sweep();
    const left = await run.view();
    const { powerState, tags } = run.vm();
    for (let sweeps = 0; sweeps < 10 && run.vm().powerState !== 'running'; sweeps += 1) {
      await run.time.advance(HOUR_MS);
      await run.sweep();
    }

    expect(left.status).toBe('Failed');
    expect(left.outcome).toMatchObject({ vmLeftOff: true, vmProblem: 'AllocationFailed' });
    expect([powerState, tags['keyturn:off-by']]).toEqual(['deallocated', left.id]);
    expect(standing(run.vm())).toEqual(ONCE);
    expect(areOn(run.disksOf(), setIdOf(run.simulator))).toBe(true);
  });
});

test('leaves a VM to its owner who started it while its disks were to be encrypted', async () => {
  await inAzure({ vms: VMS }, async (run) => {
    const { administer, vm } = run;
    run.line.before(CALLS.encrypt, async () => {
      await administer('POST', `${vm().id}/start`);
      await passing(2 * MINUTE_MS);
    });

    await run.sweep();

    expect(standing(vm())).toMatchObject(RUNS);
    const { outcome } = await run.view();
    expect(outcome).toMatchObject({ kind: 'deferred', reason: 'started-by-another' });
  });
});

test.for(['deallocate', 'encrypt', 'start'] as const)(
  'ends, and calls nothing converted that is not, when the VM is deleted at: %s',
  async (name) => {
    await inAzure({ vms: VMS }, async (run) => {
      const ids = run.disksOf().map(({ id }) => id);
      run.line.before(CALLS[name], () => {
        const { id } = run.vm();
        for (const diskId of ids.slice(1)) run.simulator.estate.detach(diskId, 'vm-1');
        const notFound = { error: { code: 'ResourceNotFound', message: 'Gone.' } };
        for (const method of ['GET', 'POST', 'PATCH']) {
          run.line.answer({ method, path: new RegExp(`^${id}`) }, 404, notFound);
        }
      });

      await run.sweep();

      const { outcome } = await run.view();
      const told = outcome.disks?.filter(({ kind }) => kind === 'encrypted') ?? [];
      const kept = run.simulator.truth().disks.filter((disk) => disk.diskEncryptionSetId !== null);
      expect(told).toHaveLength(kept.length);
      if (kept.length === 0) expect(outcome.kind).toBe('gone');
    });
  },
);

test('starts the VM when the key is disabled while it is off, and says so', async () => {
  await inAzure({ vms: VMS }, async (run) => {
    run.line.before(CALLS.encrypt, () =>
      run.simulator.estate.changeKey(run.keyUrl, { enabled: false }),
    );

    await run.sweep();

    expect(standing(run.vm())).toEqual(ONCE);
    const { outcome } = await run.view();
    expect(outcome.disks?.map(({ code }) => code)).toEqual([
      'KeyVaultKeyNotEnabled',
      'KeyVaultKeyNotEnabled',
      'KeyVaultKeyNotEnabled',
    ]);
  });
});

test('keeps trying to start a VM whose key is disabled after its disks are on it', async () => {
  await inAzure({ vms: VMS }, async (run) => {
    const { simulator, keyUrl } = run;
    run.line.before(CALLS.start, () => simulator.estate.changeKey(keyUrl, { enabled: false }));

    await run.sweep();
    const left = await run.view();
    simulator.estate.changeKey(keyUrl, { enabled: true });
    await run.time.advance(HOUR_MS);
    await run.sweep();

    expect(left.outcome).toMatchObject({ vmLeftOff: true, vmProblem: 'KeyVaultKeyNotEnabled' });
    expect(standing(run.vm())).toEqual(ONCE);
  });
});

test('tells how a conversion ended although Azure fails right after it', async () => {
  await inAzure({ vms: VMS }, async (run) => {
    const unmark = { nth: 2 };
    run.line.before(
      CALLS.mark,
      () => run.line.before(CALLS.readVm, () => run.line.cutFor(10 * MINUTE_MS)),
      unmark,
    );

    await run.sweep();

    expect(standing(run.vm())).toEqual(ONCE);
    expect((await run.view()).outcome).toMatchObject({ kind: 'converted', deallocated: true });
  });
});

test('tells how a conversion ended although its mark cannot be taken away for a while', async () => {
  await inAzure({ vms: VMS }, async (run) => {
    run.line.before(CALLS.mark, () => run.line.cutFor(10 * MINUTE_MS), { nth: 2 });

    await run.sweep();

    expect(standing(run.vm())).toEqual(ONCE);
    expect((await run.view()).outcome).toMatchObject({ kind: 'converted', deallocated: true });
  });
});

test('outlives an identity endpoint that gives no token while the VM is off', async () => {
  await inAzure({ vms: VMS }, async (run) => {
    let until = 0;
    run.line.before(CALLS.encrypt, () => {
      until = Date.now() + 5 * MINUTE_MS;
    });
    run.line.hooks.push(() => {
      if (Date.now() >= until) return 'pass';
      const name = 'AggregateAuthenticationError';
      throw Object.assign(new Error('ManagedIdentityCredential: 500'), { name });
    });

    await run.sweep();

    expect(standing(run.vm())).toEqual(ONCE);
    expect(areOn(run.disksOf(), setIdOf(run.simulator))).toBe(true);
    expect((await run.view()).outcome.kind).toBe('converted');
  });
});

test.for([CALLS.mark, CALLS.deallocate])(
  'never switches a VM off that somebody stopped while Azure throttled $path',
  async (call) => {
    await inAzure({ vms: VMS }, async (run) => {
      run.simulator.faults.throttleNext(call, 1_800);
      await run.app.runSweep();
      await run.time.advance(5 * MINUTE_MS);
      const { id } = await run.view();

      await run.app.ask('DELETE', `/api/conversions/${id}`);
      await run.quiet();

      expect((await run.view()).status).toBe('Canceled');
      expect(standing(run.vm())).toEqual({ ...RUNS, deallocations: 0, starts: 0 });
      expect(run.vm().tags).toEqual({});
    });
  },
);

const PAGE_502 = '<html><head><title>502 Bad Gateway</title></head><body></body></html>';
const ERROR_503 = { error: { code: 'ServiceUnavailable', message: 'Later.' } };

async function removeDisk({ simulator, administer }: Run, name: string): Promise<void> {
  const id = simulator.truth().disks.find((disk) => disk.id.endsWith(`/${name}`))?.id ?? '';
  simulator.estate.detach(id, 'vm-1');
  await administer('DELETE', id);
  await passing(10_000);
}

function passing(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

function offMs({ vm }: Run): number {
  const [downtime] = vm().downtimes;
  return Date.parse(downtime?.runningAt ?? '') - Date.parse(downtime?.deallocateRequestedAt ?? '');
}
