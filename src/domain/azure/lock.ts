/** A management lock. */
export interface Lock {
  readonly name: string;
  /** ARM ID of what it locks, with all below it. */
  readonly scope: string;
  /** `ReadOnly` or `CanNotDelete`. */
  readonly level: string;
}
