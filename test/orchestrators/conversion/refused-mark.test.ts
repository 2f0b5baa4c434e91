import { expect, test } from 'vitest';
import type { Alert } from '../../../src/domain/alert/alert.ts';
import { aTable } from '../../support/a-table.ts';
import { CALLS, HOUR_MS, inAzure, type Run, type RunOptions, standing } from '../a-run.ts';

const VMS = [{ name: 'vm-1' }, { name: 'vm-2' }];
const REFUSAL = {
  code: 'RequestDisallowedByPolicy',
  message: "Resource 'vm-1' was disallowed by policy. Policy identifiers: 'Owners of VMs'.",
};
const UNTOUCHED = { powerState: 'running', deallocations: 0, starts: 0, marked: false };

async function withAlerts(
  options: RunOptions,
  body: (run: Run, alerts: readonly Alert[]) => Promise<void>,
): Promise<void> {
  const alerts: Alert[] = [];
  const log = ({ message = '' }: { message?: string }): void => {
    if (message.includes('"event":"alert"')) alerts.push(JSON.parse(message));
  };
  await inAzure({ vms: VMS, ...options, log }, (run) => body(run, alerts));
}

test("a VM that cannot be marked: the outcome, the journal and an alert say so, in Azure's words", async () => {
  await withAlerts({}, async (run, alerts) => {
    run.line.answer(CALLS.mark, 403, { error: REFUSAL });

    await run.convert(run.vm().id);

    expect((await run.view()).outcome).toMatchObject({
      kind: 'failed',
      vmProblem: REFUSAL.code,
      vmProblemMessage: REFUSAL.message,
      vmProblemAt: 'mark',
      deallocated: false,
    });
    const page = await run.app.store.journal.find({}, { top: 10, token: null });
    expect(page?.records).toMatchObject([
      {
        target: run.vm().id,
        outcome: 'failed',
        steps: [{ step: 'mark', ...REFUSAL }],
        power: { before: 'running' },
        downtimeMs: null,
      },
    ]);
    const told = alerts.filter(({ type }) => type === 'conversion-failed');
    expect(told).toMatchObject([{ target: run.vm().id, code: REFUSAL.code }]);
    expect(told[0]?.summary).toContain('was not touched');
    expect(told[0]?.summary).toContain('Owners of VMs');
    expect(standing(run.vm())).toEqual(UNTOUCHED);
  });
});

test('it is no failure that stops everything: nothing was put at risk', async () => {
  await withAlerts({ policy: { stopAfterFailures: 1 } }, async (run, alerts) => {
    run.line.answer(CALLS.mark, 403, { error: REFUSAL });

    await run.convert(run.vm('vm-1').id);
    await run.convert(run.vm('vm-2').id);

    expect(alerts.filter(({ type }) => type === 'everything-stopped')).toEqual([]);
    expect(await run.app.store.stops.read()).toEqual([]);
  });
});

test('a mark that Azure throttles for hours ends in the journal and an alert as well', async () => {
  await withAlerts({}, async (run, alerts) => {
    run.line.answer(CALLS.mark, 429, '', { headers: { 'retry-after': '600' } });
    await run.app.ask('POST', '/api/conversions', { target: run.vm().id });

    await run.quiet(4 * HOUR_MS);

    expect((await run.view()).outcome).toMatchObject({ kind: 'failed', vmProblemAt: 'mark' });
    const page = await run.app.store.journal.find({}, { top: 10, token: null });
    expect(page?.records).toMatchObject([{ outcome: 'failed', steps: [{ step: 'mark' }] }]);
    expect(alerts.filter(({ type }) => type === 'conversion-failed')).toHaveLength(1);
    expect(standing(run.vm())).toEqual(UNTOUCHED);
  });
});

test('an outage at the mark is sat out, and nothing is switched off meanwhile', async () => {
  await withAlerts({}, async (run, alerts) => {
    const error = { code: 'InternalServerError', message: 'No.' };
    run.line.answer(CALLS.mark, 500, { error }, { times: 30 });

    await run.convert(run.vm().id);

    expect((await run.view()).outcome.kind).toBe('converted');
    expect(alerts.filter(({ type }) => type === 'conversion-failed')).toEqual([]);
    expect(standing(run.vm())).toEqual({ ...UNTOUCHED, deallocations: 1, starts: 1 });
  });
});

test('a journal that gives no answer raises an alert, one for all VMs', async () => {
  const { table, state } = aTable();
  await withAlerts({ table }, async (run, alerts) => {
    run.line.before(CALLS.mark, () => {
      state.isAway = true;
    });

    await run.convert(run.vm('vm-1').id);
    await run.convert(run.vm('vm-2').id);

    const away = alerts.filter(({ type }) => type === 'journal-away');
    expect(away.length).toBeGreaterThan(0);
    expect(new Set(away.map(({ key }) => key))).toEqual(new Set(['journal-away keyturn']));
    expect((await run.view(run.vm('vm-2').id)).outcome).toMatchObject({
      kind: 'deferred',
      reason: 'journal-unwritable',
    });
    expect(standing(run.vm('vm-1'))).toEqual(UNTOUCHED);
  });
});
