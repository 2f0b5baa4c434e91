import type { ExtentJudgement } from '../gate/judge-counts.ts';
import type { ConversionTarget } from './conversion-target.ts';
import type { PlannedOutcome } from './describe-planned.ts';
import type { Forecast, Forecasts } from './forecast.ts';

/** What would be done with one VM or disk. */
export interface PlannedTarget {
  readonly target: ConversionTarget;
  readonly instanceId: null;
  readonly outcome: PlannedOutcome;
  /** Null for what would not be converted. */
  readonly forecast: Forecast | null;
}

/** What would be done with all that a request is about: the outcome of a dry run. */
export interface PlannedScope {
  readonly kind: 'planned';
  /** In the order in which they would begin; what would not be converted comes last. */
  readonly results: readonly PlannedTarget[];
  readonly finish: Forecasts['finish'];
  /** What may be missing of it; absent: nothing. */
  readonly incomplete?: Incomplete;
  /** More than the policy allows at once, so that nothing would be done; null: it is not, or absent. */
  readonly tooMany?: Extract<ExtentJudgement, { kind: 'too-many' }> | null;
}

/** Why a request may not know of all that it is about. */
export interface Incomplete {
  readonly code: 'resource-graph-lag';
  readonly message: string;
}

/** Source: "What is Azure Resource Graph?": how fresh it is, is not promised. */
export const RESOURCE_GRAPH_LAG: Incomplete = {
  code: 'resource-graph-lag',
  message:
    'keyturn may not list all disks here, so it asked Resource Graph: disks that were created in the last minutes, or longer ago, may be missing.',
};
