import { findTarget } from '../../activities/conversion/find-target.ts';
import { instanceRequest } from '../../activities/conversion/instance-request.ts';
import { defineOrchestrator, type Step } from '../../durable/steps.ts';
import { startUnlessCoolingDown } from '../steps/start-unless-cooling-down.ts';
import { untilAnswered } from '../steps/until-answered.ts';
import { warn } from '../steps/warn.ts';

export interface NoticeChangeInput {
  /** ARM ID of the disk or VM that an event named. */
  readonly resourceId: string;
}

/**
 * Looks at what an event named, and starts its conversion where there is something to convert.
 *
 * An instance of its own per event: most events find nothing, and those must not take the place of
 * a conversion's outcome.
 */
export const noticeChange = defineOrchestrator(
  'noticeChange',
  function* (context, { resourceId }: NoticeChangeInput): Step<object> {
    const found = yield* untilAnswered(context, () => findTarget.call(context, { resourceId }));
    if (found.status !== 'ok') {
      warn(context, 'change.unreadable', { resourceId, code: found.code });
      return { kind: 'unreadable', code: found.code };
    }
    if (found.value === null) return { kind: 'nothing' };

    const requestedBy = { kind: 'event', person: null, requestId: context.df.instanceId } as const;
    const requests = [
      { ...instanceRequest(found.value, requestedBy), diskIds: found.value.diskIds },
    ];
    const starts = yield* startUnlessCoolingDown(context, requests, 'event');
    return { kind: 'handed-over', starts };
  },
);
