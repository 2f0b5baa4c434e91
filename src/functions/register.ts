import type { Services } from '../activities/services.ts';
import type { Orchestrator } from '../durable/steps.ts';
import type { Identify } from '../people/identify.ts';
import { registerConversions } from './http/conversions.ts';
import { registerGetHistory } from './http/get-history.ts';
import { registerGetPolicySchema } from './http/get-policy-schema.ts';
import { registerGetSweep } from './http/get-sweep.ts';
import { registerListApprovals } from './http/list-approvals.ts';
import { registerPostApproval } from './http/post-approval.ts';
import { registerPostConversion } from './http/post-conversion.ts';
import { registerStops } from './http/stops.ts';
import { registerGetOpenApi } from './open-api/get-open-api.ts';
import { registerActivities } from './register-activities.ts';
import { registerOrchestrators } from './register-orchestrators.ts';
import { registerOnResourceWritten } from './triggers/on-resource-written.ts';
import { RESTORATION_SCHEDULE, registerOnRestorationDue } from './triggers/on-restoration-due.ts';
import { registerOnSweepDue } from './triggers/on-sweep-due.ts';

/** Everything that the deployed app is. */
export interface App {
  readonly services: Services;
  readonly identify: Identify;
  /** NCRONTAB expression of six fields. */
  readonly sweepSchedule: string;
  /** NCRONTAB expression; absent: each half minute. */
  readonly restorationSchedule?: string;
  /** Its next times after an instant, in ms since 1970; absent: not known. */
  readonly sweepTimes?: (afterMs: number, count: number) => readonly number[];
  readonly policySchema: object;
}

/**
 * Registers every function of the app; the list of all of them.
 *
 * @param orchestrators in place of this release's, for what a deployment of changed code does.
 */
export function register(
  { services, identify, sweepSchedule, sweepTimes, restorationSchedule, policySchema }: App,
  orchestrators?: readonly Orchestrator<object>[],
): void {
  registerActivities(services);
  registerOrchestrators(orchestrators);
  registerOnResourceWritten(services.policy);
  registerOnSweepDue(sweepSchedule);
  registerOnRestorationDue(services, restorationSchedule ?? RESTORATION_SCHEDULE);
  registerPostConversion(services.policy, identify);
  registerConversions(services.store);
  registerListApprovals(services.store.approvals);
  registerPostApproval(services, identify);
  registerStops(services.store.stops, identify);
  registerGetHistory(services.store.journal);
  registerGetSweep(sweepSchedule, sweepTimes);
  registerGetOpenApi();
  registerGetPolicySchema(policySchema);
}
