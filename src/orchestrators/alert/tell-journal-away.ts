import type { OrchestrationContext } from 'durable-functions';
import { alertAbout } from '../../domain/alert/alert.ts';
import { warn } from '../steps/warn.ts';
import { raiseAlert } from './raise-alert.ts';

/** Alerts that nothing is begun, as the journal would not know of it; one key for all VMs and disks. */
export function tellJournalAway(
  context: OrchestrationContext,
  target: string,
  reason: string,
): void {
  warn(context, 'store.away', { target, reason });
  const summary =
    'The journal gives no answer: no conversion is begun, for it would not know of it.';
  raiseAlert(context, alertAbout('journal-away', 'keyturn', summary));
}
