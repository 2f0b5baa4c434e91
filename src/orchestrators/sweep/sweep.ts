import type { OrchestrationContext } from 'durable-functions';
import { findPlatformKeyDisks } from '../../activities/conversion/find-platform-key-disks.ts';
import { judgeExtent } from '../../activities/gate/judge-extent.ts';
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
import { instanceRequest } from '../steps/instance-request.ts';
import { startAtOnce } from '../steps/start-at-once.ts';
import { startUnlessCoolingDown } from '../steps/start-unless-cooling-down.ts';
import { untilAnswered } from '../steps/until-answered.ts';
import { warn } from '../steps/warn.ts';

/** The one instance of the sweep: two would only repeat each other. */
export const SWEEP_INSTANCE_ID = 'sweep';

export interface SweepInput {
  /** Where the search goes on; null: from the start, VMs that were left off first. */
  readonly skipToken: string | null;
  /** What the earlier pages came to. */
  readonly found: number;
  readonly started: number;
}

const BY_SWEEP: Requester = { kind: 'sweep', person: null, requestId: null };

/**
 * Starts VMs that were left off, finds what events missed and starts its conversion, and forgets
 * what ended long ago.
 *
 * One page of Resource Graph per generation, so that its history stays small in any estate. It
 * waits for no external event, which continue-as-new could lose.
 */
export const sweep = defineOrchestrator(
  'sweep',
  function* (context, { skipToken, found, started }: SweepInput): Step<object> {
    if (skipToken === null) {
      yield* restoreAbandoned(context);
      yield* tendLeases.call(context, {});
      yield* tendStops.call(context, {});
      yield* closeAbandonedRecords.call(context, {});
      if (!(yield* isWithinLimits(context))) return { kind: 'too-many', found, started };
    }

    const page = yield* untilAnswered(context, () =>
      findPlatformKeyDisks.call(context, { scope: null, skipToken }),
    );
    if (page.status !== 'ok') {
      warn(context, 'sweep.disks-not-searched', { code: page.code });
      return { kind: 'unreadable', code: page.code, found, started };
    }

    const requests = page.value.targets.map((target) => instanceRequest(target, BY_SWEEP));
    const starts = yield* startUnlessCoolingDown(context, requests, 'sweep');
    const totals = {
      found: found + starts.length,
      started: started + starts.filter(({ start }) => start === 'started').length,
    };
    if (page.value.skipToken === null) {
      yield* purgeInstances.call(context, {});
      return { kind: 'swept', ...totals };
    }
    context.df.continueAsNew({ skipToken: page.value.skipToken, ...totals });
    return {};
  },
);

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
