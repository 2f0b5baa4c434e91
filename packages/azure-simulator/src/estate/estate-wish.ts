/** What an estate shall be like. */
export interface EstateWish {
  readonly vms: number;
  /** With the system disk. */
  readonly disksPerVm: { readonly least: number; readonly most: number };
  readonly regions: readonly string[];
  /** `plain`: only machines that can simply be switched off; `all`: every kind of disk there is. */
  readonly kinds: 'all' | 'plain';
  /** The share of machines with something wrong about them, 0 to 1. */
  readonly mistakes: number;
  readonly seed: number;
}
