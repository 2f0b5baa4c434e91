import { sameId } from '../azure/arm-id.ts';
import type { Vm } from '../azure/vm.ts';
import { parseStopScope, type SizeScope, seriesOf } from './stop-scope.ts';

/** Somebody, or a failure, forbids further deallocations. */
export interface Stop {
  /** What is stopped, as `stopScopeText` writes it. */
  readonly scope: string;
  /** Who or what stopped it. */
  readonly by: string;
  readonly reason: string;
  readonly atMs: number;
}

/** Who sets the stops that Azure's answers lead to, and takes them away by itself. */
export const KEYTURN = 'keyturn';

/** What of a VM decides which capacity it needs to start again. */
export type Machine = Pick<Vm, 'size' | 'region' | 'zone'>;

/** What a conversion is about, as far as stops look at it. */
export interface StopSubject {
  /** ARM IDs of the disk encryption sets that disks go onto. */
  readonly setIds: readonly string[];
  readonly subscriptionId: string;
  /** The VM that would be switched off, and must start again; null where none is. */
  readonly machine: Machine | null;
}

/** The stop that forbids to go on with something, or null. */
export function stopFor(stops: readonly Stop[], subject: StopSubject): Stop | null {
  return stops.find(({ scope }) => forbids(scope, subject)) ?? null;
}

function forbids(text: string, { setIds, subscriptionId, machine }: StopSubject): boolean {
  const scope = parseStopScope(text);
  if (scope === null) return false;
  switch (scope.kind) {
    case 'everything':
    case 'too-much':
      return true;
    case 'set':
      return setIds.some((setId) => sameId(setId, scope.setId));
    case 'subscription':
      return sameId(scope.subscriptionId, subscriptionId);
    default:
      return machine !== null && holdsMachine(scope, { ...machine, subscriptionId });
  }
}

/** Whether a stop of sizes holds a VM: one of a region holds those in its zones, too. */
export function holdsMachine(
  { kind, name, region, zone, subscriptionId }: SizeScope,
  machine: Machine & { readonly subscriptionId: string },
): boolean {
  return (
    sameId(name, kind === 'size' ? machine.size : seriesOf(machine.size)) &&
    sameId(region, machine.region) &&
    (zone === null || zone === machine.zone) &&
    (subscriptionId === null || sameId(subscriptionId, machine.subscriptionId))
  );
}
