import { approvalsIn } from './approvals.ts';
import { attemptsIn } from './attempts.ts';
import { journalIn } from './journal.ts';
import { leasesIn } from './leases.ts';
import { queueIn } from './queue.ts';
import { startsIn } from './starts.ts';
import { stopRequestsIn } from './stop-requests.ts';
import { stopsIn } from './stops.ts';
import type { Store } from './store.ts';
import type { Table } from './table.ts';
import { targetsIn } from './targets.ts';

/** The whole store in one table. */
export function connectStore(table: Table): Store {
  return {
    journal: journalIn(table),
    leases: leasesIn(table),
    stops: stopsIn(table),
    starts: startsIn(table),
    approvals: approvalsIn(table),
    queue: queueIn(table),
    attempts: attemptsIn(table),
    stopRequests: stopRequestsIn(table),
    targets: targetsIn(table),
  };
}
