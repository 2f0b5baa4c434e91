import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RestError } from '@azure/core-rest-pipeline';
import { expect, test } from 'vitest';
import { aTable } from '../../support/a-table.ts';
import { areOn, CALLS, HOUR_MS, inAzure, MINUTE_MS, setIdOf, standing } from '../a-run.ts';

const VMS = [{ name: 'vm-1', dataDisks: 1 }];
const UNTOUCHED = { powerState: 'running', deallocations: 0, starts: 0, marked: false };
const aFile = () => join(mkdtempSync(join(tmpdir(), 'keyturn-')), 'state.sqlite');
const never = () => new Promise<never>(() => {});

test.for(['mark', 'deallocate'] as const)(
  'does not switch a VM off on a plan that is hours old: the process stood still at %s',
  async (at) => {
    await inAzure({ vms: VMS, stateFile: aFile() }, async (run) => {
      let killed = false;
      run.line.hooks.push((request, path) => {
        if (killed || request.method !== CALLS[at].method || !CALLS[at].path.test(path))
          return 'pass';
        killed = true;
        run.app.host.kill();
        return never();
      });
      void run.app.runSweep();
      await run.time.runUntil(() => killed, HOUR_MS);

      run.app.setPolicy(run.policy({ mode: 'report', scope: [] }));
      await run.time.advance(5 * HOUR_MS);
      run.app = await run.app.restart();
      await run.quiet();

      expect(standing(run.vm())).toEqual(UNTOUCHED);
      expect(areOn(run.disksOf(), setIdOf(run.simulator))).toBe(false);
    });
  },
);

test('leaves a VM off that its owner switched off while keyturn was away, after its start', async () => {
  await inAzure({ vms: VMS, stateFile: aFile() }, async (run) => {
    void run.app.runSweep();
    await run.time.runUntil(() => run.vm().powerState === 'starting', HOUR_MS);
    await run.time.advance(5_000);
    run.app.host.kill();
    await run.time.advance(5 * MINUTE_MS);
    await run.administer('POST', `${run.vm().id}/deallocate`);
    await run.time.advance(5 * MINUTE_MS);

    run.app = await run.app.restart();
    await run.quiet();

    expect(standing(run.vm())).toMatchObject({ powerState: 'deallocated', marked: false });
    expect(areOn(run.disksOf(), setIdOf(run.simulator))).toBe(true);
  });
});

test.for(['start', 'readVm', 'encrypt', 'readDisk'] as const)(
  'starts a VM again though Azure never answered one call while it was off: %s',
  async (call) => {
    await inAzure({ vms: VMS }, async (run) => {
      let hung = false;
      run.line.hooks.push((request, path) => {
        if (hung || run.vm().powerState !== 'deallocated') return 'pass';
        if (request.method !== CALLS[call].method || !CALLS[call].path.test(path)) return 'pass';
        hung = true;
        return never();
      });

      await run.convert(run.vm().id);

      expect(hung).toBe(true);
      expect(run.vm().powerState).toBe('running');
      expect(areOn(run.disksOf(), setIdOf(run.simulator))).toBe(true);
    });
  },
);

test('leaves a disk on the key that its owner chose while keyturn was kept waiting', async () => {
  const build = (estate: Parameters<NonNullable<Parameters<typeof inAzure>[0]['build']>>[0]) => {
    estate.addDisk({ name: 'd' });
    const set = { name: 'des-own', group: 'rg-own', location: 'westeurope', key: 'kv-weu/disks' };
    estate.addEncryptionSet(set);
  };
  await inAzure({ build }, async (run) => {
    const own = setIdOf(run.simulator)
      .replace('rg-keys', 'rg-own')
      .replace('des-westeurope', 'des-own');
    const id = run.simulator.truth().disks[0]?.id ?? '';
    run.simulator.faults.throttleNext({ method: 'PATCH', path: /\/disks\/d$/ }, 1800);
    void run.app.runSweep();
    await run.time.advance(10 * MINUTE_MS);
    const encryption = { type: 'EncryptionAtRestWithCustomerKey', diskEncryptionSetId: own };

    await run.administer('PATCH', id, { properties: { encryption } });
    await run.time.advance(2 * HOUR_MS);

    const [disk] = run.simulator.truth().disks;
    expect(disk?.diskEncryptionSetId?.toLowerCase()).toBe(own.toLowerCase());
  });
});

test('says that a mark could not be taken away, and does not start the VM for it later', async () => {
  await inAzure({ vms: VMS }, async (run) => {
    const isUnmark = (body: unknown) => typeof body === 'string' && body.includes('"Delete"');
    run.line.hooks.push(async (request, path) => {
      if (!CALLS.mark.path.test(path) || !isUnmark(request.body)) return 'pass';
      const bodyAsText = '{"error":{"code":"AuthorizationFailed","message":"no"}}';
      return { request, status: 403, headers: request.headers, bodyAsText };
    });
    await run.convert(run.vm().id);
    expect((await run.view()).outcome).toMatchObject({
      kind: 'failed',
      vmProblem: 'AuthorizationFailed',
      vmLeftOff: false,
    });

    await run.administer('POST', `${run.vm().id}/deallocate`);
    await run.time.advance(5 * MINUTE_MS);
    await run.sweep();

    expect(run.vm().powerState).toBe('deallocated');
  });
});

test('starts a VM that was left off though another marked VM cannot be read', async () => {
  const vms = [{ name: 'vm-0', tags: { 'keyturn:off-by': 'somebody' } }, ...VMS];
  await inAzure({ vms, policy: { scope: [] } }, async (run) => {
    run.app.setPolicy(run.policy({}));
    run.line.answer({ method: 'GET', path: /\/virtualMachines\/vm-0$/ }, 500);
    await run.app.ask('POST', '/api/conversions', { target: run.vm().id });
    await run.time.runUntil(() => run.vm().powerState === 'deallocated', HOUR_MS);
    const view = await run.view();
    const terminate = `/runtime/webhooks/durabletask/instances/${view.id}/terminate?reason=test`;
    await run.app.ask('POST', terminate);

    await run.app.runSweep();
    await run.time.advance(HOUR_MS);

    expect(run.vm().powerState).toBe('running');
  });
});

test('waits between its looks after a request was asked to stop', async () => {
  await inAzure({ vms: VMS }, async (run) => {
    const { body } = await run.app.ask('POST', '/api/conversions', { target: run.vm().id });
    const { id } = body as { id: string };
    await run.time.runUntil(() => run.vm().powerState === 'deallocated', HOUR_MS);
    await run.app.ask('DELETE', `/api/conversions/${id}`);
    await run.quiet();

    const path = `/runtime/webhooks/durabletask/instances/${id}?showHistory=true`;
    const history = (await run.app.ask('GET', path)).body as { historyEvents: unknown[] };
    expect(history.historyEvents.length).toBeLessThan(200);
    expect(run.vm().powerState).toBe('running');
  });
});

test.for([
  ['snapshots', /\/snapshots$/],
  ['restore points', /\/restorePointCollections$/],
  ['the resource group', /\/resourceGroups\/rg-test$/i],
  ['a disk that the VM has', /\/disks\/vm-1-data-1$/],
] as const)('switches nothing off when Azure finds no %s', async ([, path]) => {
  await inAzure({ vms: VMS }, async (run) => {
    run.line.answer({ method: 'GET', path }, 404, { error: { code: 'NotFound', message: 'no' } });

    await run.convert(run.vm().id);

    expect(standing(run.vm())).toEqual(UNTOUCHED);
    expect((await run.view()).outcome.kind).toBe('blocked');
  });
});

test('does not start a VM that its owner switched off while Azure was busy with it', async () => {
  await inAzure({ vms: [{ name: 'vm-1', dataDisks: 1 }] }, async (run) => {
    run.line.before(CALLS.deallocate, () => run.administer('POST', `${run.vm().id}/deallocate`));
    await run.sweep();

    expect(run.vm()).toMatchObject({ powerState: 'deallocated', starts: 0 });
    expect(areOn(run.disksOf(), setIdOf(run.simulator))).toBe(true);
  });
});

test('leaves a VM alone that its owner stopped in the guest right before', async () => {
  await inAzure({ vms: [{ name: 'vm-1', dataDisks: 1 }] }, async (run) => {
    run.line.before(CALLS.deallocate, () => run.administer('POST', `${run.vm().id}/powerOff`));
    await run.app.runSweep();
    await run.time.advance(2 * HOUR_MS);

    expect(run.vm()).toMatchObject({ powerState: 'stopped', starts: 0, deallocations: 0 });
    expect((await run.view()).outcome).toMatchObject({ verdicts: [{ code: 'vm-stopped' }] });
  });
});

test('gives place and record back when the policy breaks while the VM is off', async () => {
  await inAzure({ vms: [{ name: 'vm-1' }] }, async (run) => {
    const broken = Object.assign(new Error('broken'), { name: 'ConfigError' });
    run.line.before(CALLS.deallocate, () => {
      run.simulator.faults.throttleNext(CALLS.deallocate, 90);
      run.app.setPolicy(broken);
    });
    await run.app.runSweep();
    await run.time.advance(2 * HOUR_MS);

    expect(standing(run.vm())).toMatchObject({ powerState: 'running', marked: false });
    expect(await run.app.store.leases.list()).toEqual([]);
    const page = await run.app.store.journal.find({}, { top: 5, token: null });
    expect(page?.records.map(({ outcome }) => outcome)).not.toContain(null);
  });
});

test('starts a VM that was left off although the policy file is broken', async () => {
  await inAzure({ vms: [{ name: 'vm-1' }] }, async (run) => {
    run.line.before(CALLS.encrypt, () => {
      run.app.setPolicy(Object.assign(new Error('broken'), { name: 'ConfigError' }));
      run.app.host.kill();
    });
    void run.app.runSweep();
    await run.time.runUntil(() => run.vm().powerState === 'deallocated');
    await run.time.advance(MINUTE_MS);
    run.app = await run.app.restart();
    await run.app.runSweep();
    await run.time.advance(HOUR_MS);

    expect(standing(run.vm())).toMatchObject({ powerState: 'running', marked: false });
  });
});

test('does not start what its owner stopped while the store was away', async () => {
  const { table, state } = aTable();
  await inAzure({ vms: [{ name: 'vm-1' }], table }, async (run) => {
    let isMarked = false;
    run.line.hooks.push(async (request, path): Promise<'pass'> => {
      const isLook = request.method === 'GET' && CALLS.readVm.path.test(path);
      if (isMarked && isLook && !state.isAway) {
        // The record is begun; what comes now is the last look before the deallocation.
        await run.administer('POST', `${run.vm().id}/powerOff`);
        state.isAway = true;
      }
      isMarked ||= request.method === 'PATCH';
      return 'pass';
    });
    await run.app.runSweep();
    await run.time.advance(10 * MINUTE_MS);
    state.isAway = false;
    await run.time.advance(3 * HOUR_MS);

    expect(run.vm()).toMatchObject({ powerState: 'stopped', starts: 0, deallocations: 0 });
  });
});

test('does not start what its owner switched off while nobody could look', async () => {
  await inAzure({ vms: [{ name: 'vm-1' }] }, async (run) => {
    run.line.before(CALLS.deallocate, async () => {
      await run.administer('POST', `${run.vm().id}/deallocate`);
      let left = 40;
      run.line.hooks.push((request, path) => {
        const isRead = request.method === 'GET' && CALLS.readVm.path.test(path);
        if (isRead && left-- > 0) throw new RestError('away', { code: 'ECONNREFUSED' });
        return 'pass';
      });
    });
    await run.app.runSweep();
    await run.time.advance(3 * HOUR_MS);

    expect(run.vm()).toMatchObject({ powerState: 'deallocated', starts: 0 });
  });
});
