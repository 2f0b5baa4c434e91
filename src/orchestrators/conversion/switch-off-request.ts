import type { Requester } from '../../domain/people/requester.ts';

/** What one conversion with a deallocation is about. */
export interface SwitchOffRequest {
  readonly vmId: string;
  readonly requestedBy: Requester;
  /** By which an approval is claimed: the same in every round of one instance. */
  readonly usedBy: string;
  /** When the instance began, in ms since 1970. */
  readonly startedAtMs: number;
}
