/** A VM that keyturn switched off, or that Azure may yet switch off for it. */
export interface HeldVm {
  readonly kind: 'held';
  /** The conversion that asked for it; null: it is not known which. */
  readonly conversionId: string | null;
}
