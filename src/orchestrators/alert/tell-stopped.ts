import type { OrchestrationContext } from 'durable-functions';
import { alertAbout } from '../../domain/alert/alert.ts';
import { describeStopScope, parseStopScope } from '../../domain/turn/stop-scope.ts';
import { raiseAlert } from './raise-alert.ts';

interface Answered {
  readonly status?: string;
  readonly code?: string | null;
  /** The scope that Azure's answer stopped; absent: none. */
  readonly stopped?: string;
}

/** Alerts of what an answer of Azure's stopped for all that share it; does nothing without. */
export function tellStopped(
  context: OrchestrationContext,
  { stopped, code = null }: Answered,
): void {
  if (stopped === undefined) return;
  const what = describeStopScope(stopped);
  if (parseStopScope(stopped)?.kind === 'subscription') {
    const summary = `Azure lets nothing be written in ${what}: nothing of it is begun, until Azure shows it as Enabled.`;
    raiseAlert(context, alertAbout('subscription-stopped', stopped, summary, code));
    return;
  }
  const summary = `Azure has no room for ${what}: none is switched off until one has started.`;
  raiseAlert(context, alertAbout('size-stopped', stopped, summary, code));
}
