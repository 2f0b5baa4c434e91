import { expect, test } from 'vitest';
import { areOn, CALLS, HOUR_MS, inAzure, setIdOf, standing } from '../a-run.ts';

const VMS = [{ name: 'vm-1', dataDisks: 1 }];
const ONCE = { powerState: 'running', deallocations: 1, starts: 1, marked: false };

type Case = [status: number, code: string, message: string];

/** Every code of the catalogue that Azure may answer an update of a disk with. */
test.for<Case>([
  [409, 'OperationNotAllowed', 'The disk was previously encrypted with Azure Disk Encryption.'],
  [409, 'OperationNotAllowed', 'The disk already has incremental snapshots.'],
  [409, 'PropertyChangeNotAllowed', "Changing property 'encryption' is not allowed."],
  [400, 'InvalidParameter', 'A disk encryption set is specified.'],
  [400, 'DirectDriveDiskNotSupportUserAssignedIdentityDes', 'Unsupported.'],
  [403, 'RequestDisallowedByPolicy', 'Disallowed by policy.'],
  [409, 'ScopeLocked', 'The scope is locked.'],
  [400, 'NeverHeardOf', 'Something new.'],
])('refuses one disk for good, and gives the VM back: %i %s', async ([status, code, message]) => {
  await inAzure({ vms: VMS }, async (run) => {
    run.simulator.faults.refuseNext(CALLS.encrypt, { status, code, message });
    await run.sweep();

    expect(standing(run.vm())).toEqual(ONCE);
    const { disks = [] } = (await run.view()).outcome;
    expect(disks.map((disk) => disk.code ?? disk.kind).sort()).toEqual(['encrypted', code].sort());
    expect(await run.app.store.stops.read()).toEqual([]);
  });
});

test.for<Case>([
  [400, 'KeyVaultAccessForbidden', 'Unable to access key vault resource.'],
  [403, 'KeyVaultAccessTokenCannotBeAcquired', 'No token.'],
  [400, 'ManagedServiceIdentityNotFound', 'The identity was not found.'],
  [409, 'KeyVaultKeyNotEnabled', 'The key must be in enabled state.'],
  [400, 'KeyVaultKeyNotFound', 'The key was not found.'],
  [400, 'InternalDiskManagementError', 'The encryption scope is not available.'],
  [403, 'LinkedAuthorizationFailed', 'No right on the linked scope.'],
  [403, 'AuthorizationFailed', 'No right to write the disk.'],
  [400, 'BadRequest', 'Key is expired.'],
  [400, 'BadRequest', 'Previous identity update is in failed state.'],
])('stops the set for all, and gives the VM back: %i %s', async ([status, code, message]) => {
  await inAzure({ vms: VMS }, async (run) => {
    const refusal = { status, code, message };
    run.simulator.faults.refuseNext({ ...CALLS.encrypt, times: 2 }, refusal);
    await run.sweep();

    expect(standing(run.vm())).toEqual(ONCE);
    const [stop] = await run.app.store.stops.read();
    expect(stop?.scope.toLowerCase()).toBe(setIdOf(run.simulator).toLowerCase());
    expect(stop?.reason).toContain(message);
  });
});

test.for<Case>([
  [429, 'TooManyRequests', 'Too many requests.'],
  [409, 'Conflict', 'Another operation is in progress.'],
  [409, 'AnotherOperationInProgress', 'Another operation is in progress.'],
  [409, 'OperationPreempted', 'The operation was preempted.'],
  [409, 'OperationNotAllowed', 'Cannot change encryption while attached to running VM.'],
  [500, 'InternalServerError', 'Oops.'],
  [502, 'BadGateway', 'Oops.'],
  [503, 'ServiceUnavailable', 'Oops.'],
  [504, 'GatewayTimeout', 'Oops.'],
])('asks again, and converts in the same outage: %i %s', async ([status, code, message]) => {
  await inAzure({ vms: VMS }, async (run) => {
    run.simulator.faults.refuseNext(CALLS.encrypt, { status, code, message });
    await run.sweep();

    expect(standing(run.vm())).toEqual(ONCE);
    expect(areOn(run.disksOf(), setIdOf(run.simulator))).toBe(true);
    expect((await run.view()).outcome.kind).toBe('converted');
  });
});

test('gives up on a disk that Azure goes on holding for attached to a running VM', async () => {
  await inAzure({ vms: VMS }, async (run) => {
    const message = 'Cannot change encryption while attached to running VM.';
    const refusal = { status: 409, code: 'OperationNotAllowed', message };
    run.simulator.faults.refuseNext(
      { method: 'PATCH', path: /\/vm-1-data-1$/, times: 50 },
      refusal,
    );
    await run.sweep();

    expect(standing(run.vm())).toEqual(ONCE);
    const asked = run.line.requests.filter(
      ({ method, path }) => method === 'PATCH' && path.endsWith('/vm-1-data-1'),
    );
    expect(asked).toHaveLength(3);
    expect((await run.view()).outcome.kind).toBe('failed');
  });
});

test.for([
  'AllocationFailed',
  'ZonalAllocationFailed',
  'OverconstrainedAllocationRequest',
  'SkuNotAvailable',
])(
  'keeps the disks converted, and goes on starting, when there is no capacity: %s',
  async (code) => {
    await inAzure({ vms: VMS }, async (run) => {
      const failure = { code, message: 'There is no capacity.' };
      run.simulator.faults.failOperationNext({ ...CALLS.start, times: 4 }, failure);
      await run.app.runSweep();
      await run.time.advance(4 * HOUR_MS);
      await run.sweep();

      expect(run.vm().powerState).toBe('running');
      expect(areOn(run.disksOf(), setIdOf(run.simulator))).toBe(true);
    });
  },
);
