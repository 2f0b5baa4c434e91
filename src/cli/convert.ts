import { parseArgs } from 'node:util';
import { nameOf, parseArmScope } from '../domain/arm-id.ts';
import type { ConversionView } from '../functions/conversion-view.ts';
import type { AppClient } from './app-client.ts';
import { APP_OPTIONS, APP_OPTIONS_HELP, connectApp, outputFormat } from './app-options.ts';
import { describeOutcome } from './describe-outcome.ts';
import { EXIT } from './exit-codes.ts';
import { table } from './table.ts';
import { say, type Terminal, tell } from './terminal.ts';
import { UsageError } from './usage-error.ts';

export const CONVERT_HELP = `keyturn convert --subscription ID [--resource-group NAME] [--vm NAME | --disk NAME]
keyturn convert --ids ARM_ID

Converts a disk, a VM, a resource group or a subscription, as far as the policy allows, and waits.

  --subscription, -s  Subscription ID.
  --resource-group, -g
  --vm, --disk        One VM with all its disks, or one disk.
  --ids ARM_ID        The target as an ARM ID instead.
  --dry-run           Says what would be done, and does nothing.
  --no-wait           Returns when it is under way.
${APP_OPTIONS_HELP}

Exit code 0: done; 2: some of it failed; 3: some of it is blocked and needs a person.
Ctrl-C stops waiting, not the conversion.`;

interface Result {
  readonly target: { readonly id: string };
  readonly outcome: { readonly kind: string };
}

/** Asks an app to convert something, and waits for it. */
export async function convert(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...APP_OPTIONS,
      subscription: { type: 'string', short: 's' },
      'resource-group': { type: 'string', short: 'g' },
      vm: { type: 'string' },
      disk: { type: 'string' },
      ids: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      'no-wait': { type: 'boolean', default: false },
    },
  });
  const format = outputFormat(values.output);
  const target = targetOf(values);
  const app = connectApp(values, terminal);
  const asked = await app.post(target, values['dry-run']);
  say(terminal, `${asked.id} is under way.`);
  if (values['no-wait']) {
    tell(terminal, format === 'json' ? JSON.stringify(asked, null, 2) : asked.id);
    return EXIT.clean;
  }
  const ended = await waitFor(app, asked.id, terminal);
  if (ended === null) {
    say(terminal, `It goes on; see keyturn status ${asked.id}.`);
    return EXIT.clean;
  }
  const { results = [] } = (ended.outcome ?? {}) as { readonly results?: readonly Result[] };
  tell(terminal, format === 'json' ? JSON.stringify(ended, null, 2) : resultTable(results));
  return exitCodeOf(ended, results);
}

function targetOf(values: {
  readonly subscription?: string | undefined;
  readonly 'resource-group'?: string | undefined;
  readonly vm?: string | undefined;
  readonly disk?: string | undefined;
  readonly ids?: string | undefined;
}): string {
  const { subscription, 'resource-group': group, vm, disk, ids } = values;
  if ((vm ?? disk) !== undefined && group === undefined) {
    throw new UsageError('--vm and --disk need --resource-group.');
  }
  if (vm !== undefined && disk !== undefined)
    throw new UsageError('Give --vm or --disk, not both.');
  if (ids === undefined && subscription === undefined) {
    throw new UsageError('Say what to convert: --subscription, or --ids.');
  }
  const resource = vm ? `/virtualMachines/${vm}` : disk ? `/disks/${disk}` : null;
  const target =
    ids ??
    `/subscriptions/${subscription}${group ? `/resourceGroups/${group}` : ''}${resource ? `/providers/Microsoft.Compute${resource}` : ''}`;
  if (parseArmScope(target) !== null) return target;
  throw new UsageError(`"${target}" is no subscription, resource group, VM or disk.`);
}

/** Null when the person did not want to wait any longer. */
async function waitFor(
  app: AppClient,
  id: string,
  terminal: Terminal,
): Promise<ConversionView | null> {
  let shown = '';
  while (!terminal.interrupted.aborted) {
    const view = await app.get(id);
    if (view.status !== 'Running') return view;
    const {
      step = 'pending',
      ended = 0,
      targets = 0,
    } = (view.progress ?? {}) as {
      readonly step?: string;
      readonly ended?: number;
      readonly targets?: number;
    };
    const line = `${step}: ${ended} of ${targets}`;
    if (line !== shown) say(terminal, line);
    shown = line;
    await new Promise((resolve) => {
      setTimeout(resolve, 1_000);
    });
  }
  return null;
}

function resultTable(results: readonly Result[]): string {
  const rows = results.map(({ target, outcome }) => [nameOf(target.id), describeOutcome(outcome)]);
  return table(['Target', 'Result'], rows);
}

function exitCodeOf(view: ConversionView, results: readonly Result[]): number {
  const kinds = results.map(({ outcome }) => outcome.kind);
  if (view.status === 'Failed') return EXIT.failed;
  if (kinds.some((kind) => kind === 'failed' || kind === 'crashed')) return EXIT.failed;
  return kinds.includes('blocked') ? EXIT.findings : EXIT.clean;
}
