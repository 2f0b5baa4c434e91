import type { ConversionOutcome } from './conversion-outcome.ts';
import type { ConversionTarget } from './conversion-target.ts';
import type { Forecast, Forecasts } from './forecast.ts';

/** What would be done with one VM or disk. */
export interface PlannedTarget {
  readonly target: ConversionTarget;
  readonly instanceId: null;
  readonly outcome: ConversionOutcome | { readonly kind: 'unreadable'; readonly code: string };
  /** Null for what would not be converted. */
  readonly forecast: Forecast | null;
}

/** What would be done with all that a request is about: the outcome of a dry run. */
export interface PlannedScope {
  readonly kind: 'planned';
  /** In the order in which they would begin; what would not be converted comes last. */
  readonly results: readonly PlannedTarget[];
  readonly finish: Forecasts['finish'];
}
