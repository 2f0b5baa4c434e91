import { expect, test } from 'vitest';
import type { Alert } from '../../../src/domain/alert/alert.ts';
import { CALLS, inAzure, type Run, type RunOptions, setIdOf } from '../a-run.ts';

type Refusal = Parameters<Run['simulator']['faults']['refuseNext']>[1];

const NO_KEY: Refusal = { status: 400, code: 'KeyVaultAccessForbidden', message: 'No access.' };
const NO: Refusal = { status: 409, code: 'PropertyChangeNotAllowed', message: 'No.' };
const NO_CAPACITY: Refusal = { status: 409, code: 'AllocationFailed', message: 'No capacity.' };

/** What people are told of, once a sweep and all that it starts have ended. */
async function alerts(
  options: RunOptions,
  prepare: (run: Run) => void,
): Promise<{ readonly told: readonly Alert[]; readonly run: Run }> {
  const told: Alert[] = [];
  let seen: Run | null = null;
  const log: NonNullable<RunOptions['log']> = ({ message }) => {
    if (message.includes('"event":"alert"')) told.push(JSON.parse(message) as Alert);
  };
  await inAzure({ vms: [{ name: 'vm-1' }], ...options, log }, async (run) => {
    prepare(run);
    await run.sweep();
    seen = run;
  });
  if (seen === null) throw new Error('nothing ran');
  return { told, run: seen };
}

test('tells that a set is stopped, by its ID and with the code that Azure gave', async () => {
  const { told, run } = await alerts({}, ({ simulator }) =>
    simulator.faults.refuseNext(CALLS.encrypt, NO_KEY),
  );
  expect(told).toContainEqual(
    expect.objectContaining({
      type: 'set-stopped',
      severity: 'Sev1',
      target: setIdOf(run.simulator),
      code: NO_KEY.code,
    }),
  );
});

test.for([
  ['has no capacity', NO_CAPACITY],
  ['refuses the start', NO],
] as const)('names the VM that is left off because Azure %s', async ([, refusal]) => {
  const { told, run } = await alerts({}, ({ simulator }) =>
    simulator.faults.refuseNext({ ...CALLS.start, times: 99 }, refusal),
  );
  const { id } = run.vm();
  expect(told.map(({ type, target, code }) => [type, target, code])).toContainEqual([
    'vm-left-off',
    id,
    refusal.code,
  ]);
});

test.for<[type: string, options: RunOptions, prepare: (run: Run) => void]>([
  ['conversion-failed', {}, (run) => run.simulator.faults.refuseNext(CALLS.encrypt, NO)],
  [
    'everything-stopped',
    { policy: { stopAfterFailures: 1 } },
    (run) => run.simulator.faults.refuseNext(CALLS.encrypt, NO),
  ],
  ['too-many-eligible', { policy: { maxResources: 0 } }, () => {}],
  ['approval-needed', { policy: { when: 'on-approval' } }, () => {}],
])('tells people of %s', async ([type, options, prepare]) => {
  const { told } = await alerts(options, prepare);

  expect(told.map((alert) => alert.type)).toContain(type);
});
