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
  /** More than the policy allows at once, so that nothing would be done; null: it is not, or absent. */
  readonly tooMany?: Extract<ExtentJudgement, { kind: 'too-many' }> | null;
}
