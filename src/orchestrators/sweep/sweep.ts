import type { OrchestrationContext } from 'durable-functions';
import { judgeExtent } from '../../activities/gate/judge-extent.ts';
import { findTargets } from '../../activities/request/find-targets.ts';
import { forgetTargets } from '../../activities/request/forget-targets.ts';
import { closeAbandonedRecords } from '../../activities/sweep/close-abandoned-records.ts';
import { findAbandonedVms } from '../../activities/sweep/find-abandoned-vms.ts';
import { findMarkedVms, type MarkedPage } from '../../activities/sweep/find-marked-vms.ts';
import { purgeInstances } from '../../activities/sweep/purge-instances.ts';
import { tendLeases } from '../../activities/turn/tend-leases.ts';
import { tendStops } from '../../activities/turn/tend-stops.ts';
import { alertAbout } from '../../domain/alert/alert.ts';
import type { Requester } from '../../domain/people/requester.ts';
import { instanceIdFor } from '../../durable/instance-id.ts';
import { defineOrchestrator, type Step } from '../../durable/steps.ts';
import { raiseAlert } from '../alert/raise-alert.ts';
import { restoreVm } from '../conversion/restore-vm.ts';
import { startFound } from '../request/convert-found.ts';
import { startAtOnce } from '../steps/start-at-once.ts';
import { untilAnswered } from '../steps/until-answered.ts';
import { warn } from '../steps/warn.ts';

/** The one instance of the sweep: two would only repeat each other. */
export const SWEEP_INSTANCE_ID = 'sweep';

const BY_SWEEP: Requester = { kind: 'sweep', person: null, requestId: null };

/**
 * Starts VMs that were left off, finds what events missed and starts its conversion, and forgets
 * what ended long ago.
 *
 * All is found before anything is started, for conversions that go on shift the pages of a search; it
 * is kept in the store, so that the history stays small in any estate.
 */
export const sweep = defineOrchestrator('sweep', function* (context, _input: object): Step<object> {
  yield* restoreAbandoned(context);
  yield* tendLeases.call(context, {});
  yield* tendStops.call(context, {});
  yield* closeAbandonedRecords.call(context, {});
  if (!(yield* isWithinLimits(context))) return { kind: 'too-many' };

  const requestId = SWEEP_INSTANCE_ID;
  yield* forgetTargets.call(context, { requestId });
  const found = yield* untilAnswered(context, () =>
    findTargets.call(context, { requestId, scope: null }),
  );
  if (found.status !== 'ok') {
    warn(context, 'sweep.disks-not-searched', { code: found.code });
    return { kind: 'unreadable', code: found.code };
  }
  const asking = { requestedBy: BY_SWEEP, askedBy: 'sweep' } as const;
  const started = yield* startFound(context, requestId, asking);
  yield* purgeInstances.call(context, {});
  return { kind: 'swept', found: found.value.targets, started };
});

function* restoreAbandoned(context: OrchestrationContext): Step<void> {
  let skipToken: string | null = null;
  do {
    const page: MarkedPage | null = yield* findMarked(context, skipToken);
    if (page === null) return;
    const { vmIds } = page;
    const { vms, unreadable } = yield* findAbandonedVms.call(context, { vmIds });
    for (const vmId of unreadable) {
      const summary = 'A VM that keyturn switched off cannot be read; look whether it runs.';
      raiseAlert(context, alertAbout('vm-maybe-left-off', vmId, summary));
    }
    const requests = vms.map((input) => ({
      orchestrator: restoreVm.name,
      instanceId: instanceIdFor('vm', input.vmId),
      input,
    }));
    yield* startAtOnce(context, requests);
    skipToken = page.skipToken;
  } while (skipToken !== null);
}

function* findMarked(
  context: OrchestrationContext,
  skipToken: string | null,
): Step<MarkedPage | null> {
  const page = yield* untilAnswered(context, () => findMarkedVms.call(context, { skipToken }));
  if (page.status === 'ok') return page.value;
  warn(context, 'sweep.marked-vms-not-searched', { code: page.code });
  return null;
}

/** Whether no more is to be converted than the policy allows at once. */
function* isWithinLimits(context: OrchestrationContext): Step<boolean> {
  const extent = yield* untilAnswered(context, () => judgeExtent.call(context, { scope: null }));
  if (extent.status !== 'ok') {
    warn(context, 'sweep.disks-not-searched', { code: extent.code });
    return false;
  }
  if (extent.value.kind === 'fine') return true;
  const { code, message } = extent.value;
  raiseAlert(context, alertAbout('too-many-eligible', 'keyturn', message, code));
  return false;
}
