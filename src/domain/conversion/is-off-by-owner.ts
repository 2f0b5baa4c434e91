import type { PowerState, Vm } from '../azure/vm.ts';

/**
 * Whether a VM went off again after a start that Azure took, and well: by its owner.
 *
 * @param startTakenAtMs when Azure had taken it, in ms since 1970; null: it did not.
 */
export function isOffByOwner(
  { powerState, changedAtMs }: Pick<Vm, 'changedAtMs'> & { readonly powerState: PowerState | null },
  startTakenAtMs: number | null,
): boolean {
  const isLater = startTakenAtMs !== null && changedAtMs !== null && changedAtMs > startTakenAtMs;
  return isLater && powerState === 'deallocated';
}
