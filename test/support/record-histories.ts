// Writes the histories of this release: `npm run record-histories`. They are the same each time.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readInstances } from '@keyturn/functions-host/read-instances';
import { durableSettings } from '../../src/cli/serving/durable-settings.ts';
import { CALLS, HOUR_MS, inAzure, type Run, type RunOptions } from '../orchestrators/a-run.ts';
import { aTable } from './a-table.ts';
import { type RecordedHistory, trimmed } from './histories.ts';

interface Scenario {
  /** Of whose first instance the history is kept. */
  readonly orchestrator: string;
  readonly options?: RunOptions;
  readonly act: (run: Run) => Promise<unknown>;
}

const VMS = [{ name: 'vm-1', dataDisks: 1 }];
const OFF = [{ name: 'vm-1', dataDisks: 1, power: 'deallocated' as const }];
/** The runs begin on a Sunday at 08:00 UTC. */
const AT_TEN = { days: ['sun' as const], fromMinute: 600, toMinute: 720, timeZone: 'UTC' };
const IN_WINDOW = { when: 'in-window' as const, windows: [AT_TEN] };
const REFUSAL = { error: { code: 'OperationNotAllowed', message: 'It is not allowed.' } };

const convert = (run: Run) => run.convert(run.vm().id);

async function untilOff(run: Run): Promise<void> {
  await run.app.ask('POST', '/api/conversions', { target: run.vm().id });
  await run.time.runUntil(() => run.vm().powerState === 'deallocated', HOUR_MS);
}

const journal = aTable();

/** By the name of the file. */
const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'convert-vm': { orchestrator: 'convertVm', act: convert },
  'convert-vm-off': { orchestrator: 'convertVm', options: { vms: OFF }, act: convert },
  'convert-vm-settling': {
    orchestrator: 'convertVm',
    options: { vms: [{ name: 'vm-1', ageDays: 0 }], policy: { settleMinutes: 30 } },
    act: convert,
  },
  'convert-vm-refused': {
    orchestrator: 'convertVm',
    act: async (run) => {
      run.line.answer(CALLS.encrypt, 409, REFUSAL);
      await convert(run);
    },
  },
  'convert-vm-unavailable': {
    orchestrator: 'convertVm',
    act: async (run) => {
      run.line.answer(CALLS.readVm, 500, '', { times: 2 });
      run.line.answer(CALLS.mark, 429, '', { times: 1, headers: { 'retry-after': '30' } });
      run.line.answer(CALLS.deallocate, 503, '', { times: 2 });
      await convert(run);
    },
  },
  'convert-vm-no-capacity': {
    orchestrator: 'convertVm',
    act: async (run) => {
      const error = { code: 'AllocationFailed', message: 'There is no capacity.' };
      run.line.answer(CALLS.start, 409, { error }, { times: 3 });
      await convert(run);
    },
  },
  'convert-vm-deferred': {
    orchestrator: 'convertVm',
    options: { policy: { when: 'on-approval' } },
    act: convert,
  },
  'convert-disk': {
    orchestrator: 'convertDisk',
    options: { vms: [], build: (estate) => estate.addDisk({ name: 'loose' }) },
    act: (run) => run.convert(run.simulator.truth().disks[0]?.id ?? ''),
  },
  'convert-scope': {
    orchestrator: 'convertScope',
    options: { build: (estate) => estate.addDisk({ name: 'loose' }) },
    act: (run) => run.convert(`/subscriptions/${run.simulator.subscriptionId}`),
  },
  'convert-scope-stopped': {
    orchestrator: 'convertScope',
    act: async (run) => {
      const { body } = await run.app.ask('POST', '/api/conversions', { target: run.vm().id });
      await run.time.runUntil(() => run.vm().powerState === 'deallocated', HOUR_MS);
      await run.app.ask('DELETE', `/api/conversions/${(body as { id: string }).id}`);
      await run.quiet();
    },
  },
  'notice-change': {
    orchestrator: 'noticeChange',
    act: async (run) => {
      run.app.connectEvents();
      run.simulator.announce(run.disksOf()[0]?.id ?? '');
      await run.time.advance(HOUR_MS);
    },
  },
  sweep: { orchestrator: 'sweep', act: (run) => run.sweep() },
  'await-turn': {
    orchestrator: 'awaitTurn',
    options: { policy: IN_WINDOW },
    act: async (run) => {
      await run.app.runSweep();
      await run.time.advance(4 * HOUR_MS);
    },
  },
  'restore-vm': {
    orchestrator: 'restoreVm',
    act: async (run) => {
      await untilOff(run);
      const { id } = await run.view();
      const terminate = `/runtime/webhooks/durabletask/instances/${id}/terminate?reason=test`;
      await run.app.ask('POST', terminate);
      await run.quiet();
      await run.sweep();
    },
  },
  'write-late': {
    orchestrator: 'writeLate',
    options: { table: journal.table },
    act: async (run) => {
      await untilOff(run);
      journal.state.isAway = true;
      await run.time.advance(HOUR_MS);
      journal.state.isAway = false;
      await run.quiet();
    },
  },
};

async function record({ orchestrator, options, act }: Scenario): Promise<RecordedHistory> {
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-histories-'));
  try {
    const stateFile = join(folder, 'state.db');
    await inAzure({ vms: VMS, ...options, stateFile }, act);
    const instance = readInstances(stateFile).find(({ name }) => name === orchestrator);
    if (instance?.status !== 'Completed') {
      throw new Error(`${orchestrator} is ${instance?.status ?? 'not there'}`);
    }
    const history = instance.history.map(trimmed);
    const { defaultVersion: release } = durableSettings();
    return { release, orchestrator, instanceId: instance.id, history };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** All that differs at each recording. */
const REQUEST_ID = /\brequest-[0-9a-f]{32}\b/g;

/** JSON with one event a line, so that a change shows as the events that it changes. */
function textOf({ history, ...about }: RecordedHistory): string {
  const head = JSON.stringify(about).slice(0, -1);
  const events = history.map((event) => `  ${JSON.stringify(event)}`).join(',\n');
  const text = `${head},"history":[\n${events}\n]}\n`;
  return text.replaceAll(REQUEST_ID, `request-${'0'.repeat(32)}`);
}

const folder = join(import.meta.dirname, '../histories');
for (const [name, scenario] of Object.entries(SCENARIOS)) {
  const recorded = await record(scenario);
  const file = join(folder, `${recorded.release}-${name}.json`);
  const text = textOf(recorded);
  const before = readIfThere(file);
  writeFileSync(file, text);
  const change = before === null ? 'new' : before === text ? 'as before' : 'changed';
  console.log(`${change.padEnd(10)} ${recorded.history.length} events  ${name}`);
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
