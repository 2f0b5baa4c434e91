import type { ConversionView } from '../functions/conversion-view.ts';
import type { AppClient } from './app-client.ts';
import { pause } from './pause.ts';
import { say, type Terminal } from './terminal.ts';

const LOOK_EVERY_MS = 1_000;

/** Shows how far a request is until it has ended; null when the person waits no longer. */
export async function waitForRequest(
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
    await pause(LOOK_EVERY_MS, terminal.interrupted);
  }
  return null;
}
