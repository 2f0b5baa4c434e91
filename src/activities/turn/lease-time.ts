/**
 * How long a lease counts without being renewed. The sweep renews those of VMs that are still off,
 * and only the sweep takes away what is over, so this bounds nothing but forgotten ones.
 */
export const LEASE_MS = 2 * 3_600_000;
