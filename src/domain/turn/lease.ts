import { sameId } from '../azure/arm-id.ts';

/** How many VMs may be off at once that share something. */
export interface Cap {
  /** What they share, e.g. `region/westeurope`. */
  readonly key: string;
  /** Null: no limit now, but counted, should the policy set one while the lease is held. */
  readonly limit: number | null;
  /** The limit is gone once one that counts has ended well. */
  readonly untilOneEnded?: true;
}

/** The right to hold one VM off. */
export interface Lease {
  /** Instance that holds it; one instance holds at most one. */
  readonly holder: string;
  /** The conversion for which it was taken, for an instance ID comes again; absent: not known. */
  readonly conversionId?: string | undefined;
  /** ARM ID. */
  readonly vmId: string;
  /** Keys of all caps that it counts for. */
  readonly keys: readonly string[];
  /** From then on `partExpired` takes it away; until that is done, it counts. */
  readonly untilMs: number;
}

export interface LeaseRequest {
  readonly holder: string;
  readonly conversionId?: string | undefined;
  readonly vmId: string;
  readonly caps: readonly Cap[];
  readonly untilMs: number;
}

export type Taking =
  | { readonly kind: 'taken'; readonly leases: readonly Lease[] }
  /** Nothing was taken; `key` is that of the first cap without a place. */
  | { readonly kind: 'full'; readonly key: string };

/**
 * Adds a lease, if every cap has a place: all or nothing.
 *
 * Who holds one already keeps it, at least as long as before, and needs a place under the caps that
 * it does not count for yet. No two hold the same VM.
 */
export function addLease(leases: readonly Lease[], request: LeaseRequest): Taking {
  const { holder, conversionId, vmId, caps, untilMs } = request;
  const held = leases.find((lease) => lease.holder === holder);
  const others = withoutLease(leases, holder);
  if (others.some((lease) => sameId(lease.vmId, vmId))) return { kind: 'full', key: `vm/${vmId}` };
  const isFull = ({ key, limit }: Cap): boolean =>
    limit !== null && !isAmong(held?.keys ?? [], key) && countOf(others, key) >= limit;
  const full = caps.find(isFull);
  if (full) return { kind: 'full', key: full.key };
  const keys = [...new Set(caps.map(({ key }) => key))];
  const lasts = Math.max(held?.untilMs ?? 0, untilMs);
  const lease = { holder, conversionId, vmId, keys, untilMs: lasts };
  return { kind: 'taken', leases: held ? replaced(leases, lease) : [...leases, lease] };
}

/** Null when the holder has none any more: it expired, and its places may be another's. */
export function withLeaseRenewed(
  leases: readonly Lease[],
  holder: string,
  untilMs: number,
): readonly Lease[] | null {
  const held = leases.find((lease) => lease.holder === holder);
  return held ? replaced(leases, { ...held, untilMs }) : null;
}

/** @param conversionId absent: for whichever conversion it was taken. */
export function withoutLease(
  leases: readonly Lease[],
  holder: string,
  conversionId?: string,
): readonly Lease[] {
  return leases.filter((lease) => lease.holder !== holder || !isSame(lease, conversionId));
}

/** Whether an instance holds a VM off, for just this conversion. */
export function holdsLease(
  leases: readonly Lease[],
  holder: string,
  conversionId: string | undefined,
): boolean {
  return leases.some((lease) => lease.holder === holder && isSame(lease, conversionId));
}

/** What an earlier release left does not say for which conversion it stands. */
function isSame(lease: Lease, conversionId: string | undefined): boolean {
  if (lease.conversionId === undefined || conversionId === undefined) return true;
  return lease.conversionId === conversionId;
}

/** Parts what still counts from what is over. */
export function partExpired(
  leases: readonly Lease[],
  nowMs: number,
): { readonly held: readonly Lease[]; readonly expired: readonly Lease[] } {
  return {
    held: leases.filter(({ untilMs }) => untilMs > nowMs),
    expired: leases.filter(({ untilMs }) => untilMs <= nowMs),
  };
}

function countOf(leases: readonly Lease[], key: string): number {
  return leases.filter(({ keys }) => isAmong(keys, key)).length;
}

function isAmong(keys: readonly string[], key: string): boolean {
  return keys.some((each) => sameId(each, key));
}

function replaced(leases: readonly Lease[], by: Lease): readonly Lease[] {
  return leases.map((lease) => (lease.holder === by.holder ? by : lease));
}
