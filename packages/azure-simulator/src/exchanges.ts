import { channel } from 'node:diagnostics_channel';

/**
 * Every exchange of every simulator of this process, as an `Exchange`.
 *
 * For a listener that does not make the simulators itself, and is there before they are.
 */
export const EXCHANGES = channel('keyturn:simulated-exchanges');
