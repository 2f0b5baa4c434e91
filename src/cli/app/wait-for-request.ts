import { nameOf } from '../../domain/azure/arm-id.ts';
import { parseProgress, parseRequestProgress } from '../../domain/conversion/progress.ts';
import type { ConversionView } from '../../functions/http/conversion-view.ts';
import { pause } from '../pause.ts';
import { describeView } from '../render/describe-outcome.ts';
import { say, type Terminal } from '../terminal.ts';
import type { AppClient } from './app-client.ts';

const LOOK_EVERY_MS = 1_000;
/** The list of all is longer than one request. */
const LOOKS_PER_LIST = 10;

const NOT_BEGUN = { step: 'pending', ended: 0, targets: 0 } as const;

/** Shows how far a request is until it has ended; null when the person waits no longer. */
export async function waitForRequest(
  app: AppClient,
  id: string,
  terminal: Terminal,
): Promise<ConversionView | null> {
  let shown = '';
  const told = new Set<string>();
  for (let look = 0; !terminal.interrupted.aborted; look += 1) {
    const view = await app.get(id);
    if (view.status !== 'Running') return view;
    const problems = look % LOOKS_PER_LIST === 0 ? problemsIn(await app.list(), view.target) : [];
    for (const line of problems) {
      if (!told.has(line)) say(terminal, line);
      told.add(line);
    }
    const { step, ended, targets } = parseRequestProgress(view.progress) ?? NOT_BEGUN;
    const line = `${step}: ${ended} of ${targets}`;
    if (line !== shown) say(terminal, line);
    shown = line;
    await pause(LOOK_EVERY_MS, terminal.interrupted);
  }
  return null;
}

/** Of conversions of the target, or within it, what keeps them from ending: a VM may be off for it. */
export function problemsIn(views: readonly ConversionView[], target: string): readonly string[] {
  const within = `${target}/`.toLowerCase();
  return views
    .filter(
      (view) =>
        view.status === 'Running' &&
        `${view.target}/`.toLowerCase().startsWith(within) &&
        parseProgress(view.progress)?.problem !== undefined,
    )
    .map((view) => `${nameOf(view.target)}: ${describeView(view)}`);
}
