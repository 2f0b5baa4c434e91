import type { Services } from '../activities/services.ts';
import { registerConversions } from './conversions.ts';
import { registerGetHistory } from './get-history.ts';
import { registerGetOpenApi } from './get-open-api.ts';
import { registerGetPolicySchema } from './get-policy-schema.ts';
import { registerOnResourceWritten } from './on-resource-written.ts';
import { registerOnSweepDue } from './on-sweep-due.ts';
import { registerPostConversion } from './post-conversion.ts';
import { registerActivities } from './register-activities.ts';
import { registerOrchestrators } from './register-orchestrators.ts';

/** Everything that the deployed app is. */
export interface App {
  readonly services: Services;
  /** NCRONTAB expression. */
  readonly sweepSchedule: string;
  readonly policySchema: object;
}

/** Registers every function of the app; the list of all of them. */
export function register({ services, sweepSchedule, policySchema }: App): void {
  registerActivities(services);
  registerOrchestrators();
  registerOnResourceWritten(services.policy);
  registerOnSweepDue(sweepSchedule);
  registerPostConversion(services.policy);
  registerConversions();
  registerGetHistory(services.store.journal);
  registerGetOpenApi();
  registerGetPolicySchema(policySchema);
}
