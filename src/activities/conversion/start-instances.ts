import type { DurableClient } from 'durable-functions';
import { sameId } from '../../domain/azure/arm-id.ts';
import { parseOutcome } from '../../domain/conversion/instance-outcome.ts';
import type { Requester } from '../../domain/people/requester.ts';
import type { ConversionPolicy } from '../../domain/policy/conversion-policy.ts';
import { type Instance, isAlive, readInstance } from '../../durable/read-instance.ts';
import { type Start, startOnce } from '../../durable/start-once.ts';
import { defineClientActivity } from '../../durable/steps.ts';
import type { Services } from '../services.ts';
import { endedBadly } from './ended-badly.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** How long the events of a conversion's own calls may be on their way. */
const OWN_EVENTS_MS = 10 * 60_000;

/** An instance to start. */
export interface InstanceRequest {
  readonly orchestrator: string;
  readonly instanceId: string;
  readonly input: object;
  /** The disks on a platform-managed key that an event led to; absent: not known. */
  readonly diskIds?: readonly string[];
}

export type AskedBy = 'event' | 'sweep' | 'person';

interface Input {
  readonly requests: readonly InstanceRequest[];
  /** `person`: somebody asked for it, so an earlier refusal does not stand in the way. */
  readonly askedBy: AskedBy;
}

export interface InstanceStart {
  readonly instanceId: string;
  /**
   * `cooling-down`: Azure refused it lately, or it was blocked lately and only the sweep asks.
   * `nothing-new`: its conversion has just ended, and knew of these disks. `done`: it has ended with
   * this very request, which comes again.
   */
  readonly start: Start | 'cooling-down' | 'nothing-new' | 'done';
}

/**
 * Starts instances that do not run yet.
 *
 * Safe to repeat, also minutes later: what runs is left alone, and so is what has ended with the same
 * request, whose outcome would be lost.
 */
export const startInstances = defineClientActivity(
  'startInstances',
  { attempts: 5, firstDelayMs: 2_000 },
  (services: Services, client) =>
    async (input: Input): Promise<{ readonly starts: readonly InstanceStart[] }> => ({
      starts: await startAll(services, client, input),
    }),
);

/** The same for whoever has the requests at hand. */
export async function startAll(
  { policy }: Services,
  client: DurableClient,
  { requests, askedBy }: Input,
): Promise<readonly InstanceStart[]> {
  const patience = askedBy === 'person' ? NONE : patienceOf(await policy(), askedBy);
  const starts: InstanceStart[] = [];
  for (const { orchestrator, instanceId, input, diskIds } of requests) {
    const earlier = await readInstance(client, instanceId);
    const start =
      (hasEndedWith(earlier, input) ? 'done' : null) ??
      reasonNotTo(earlier, patience, diskIds) ??
      (await startOnce(client, { name: orchestrator }, { instanceId, input }));
    starts.push({ instanceId, start });
  }
  return starts;
}

interface Patience {
  readonly cooldownMs: number;
  readonly blockedMs: number;
  /** The events of a conversion's own calls come after somebody else has started its VM. */
  readonly startedMs: number;
}

/** Without the policy: what was switched off is started even when its file is broken. */
const NONE: Patience = { cooldownMs: 0, blockedMs: 0, startedMs: 0 };

function patienceOf(
  { retryRefusedAfterHours, lookAgainAfterMinutes }: ConversionPolicy,
  askedBy: Input['askedBy'],
): Patience {
  const lookAgainMs = lookAgainAfterMinutes * MINUTE_MS;
  return {
    cooldownMs: retryRefusedAfterHours * HOUR_MS,
    blockedMs: askedBy === 'sweep' ? lookAgainMs : 0,
    startedMs: lookAgainMs,
  };
}

/** Whether an instance ended for good that was started by the very same request of a person. */
function hasEndedWith(earlier: Instance | null, input: object): boolean {
  // What was only put off is started again when its time has come.
  if (earlier === null || isAlive(earlier) || wasDeferred(earlier)) return false;
  const requestId = requestOf(input);
  return requestId !== null && requestOf(earlier.input) === requestId;
}

function wasDeferred({ output }: Instance): boolean {
  return parseOutcome(output)?.kind === 'deferred';
}

/** The ID of the request of a person; null: it was an event, or the sweep. */
function requestOf(input: unknown): string | null {
  const { requestedBy } = (input ?? {}) as { readonly requestedBy?: Partial<Requester> | null };
  return requestedBy?.kind === 'person' ? (requestedBy.requestId ?? null) : null;
}

function reasonNotTo(
  earlier: Instance | null,
  { cooldownMs, blockedMs, startedMs }: Patience,
  diskIds: readonly string[] | undefined,
): 'cooling-down' | 'nothing-new' | null {
  if (earlier === null) return null;
  const sinceMs = Date.now() - earlier.updatedAtMs;
  if (sinceMs <= cooldownMs && endedBadly(earlier)) return 'cooling-down';
  if (sinceMs < blockedMs && wasBlocked(earlier)) return 'cooling-down';
  if (sinceMs < startedMs && wasStartedByAnother(earlier)) return 'cooling-down';
  if (diskIds && sinceMs < OWN_EVENTS_MS && leftAlone(earlier, diskIds)) return 'nothing-new';
  return null;
}

/** Whether something was found in the way; what only could not be read may be readable by now. */
function wasBlocked({ output }: Instance): boolean {
  const outcome = parseOutcome(output);
  return outcome?.kind === 'blocked' && outcome.verdicts.some(({ answer }) => answer === 'blocked');
}

/** Who started it wants it to run: it is not switched off again the next moment. */
function wasStartedByAnother({ output }: Instance): boolean {
  const outcome = parseOutcome(output);
  return outcome?.kind === 'deferred' && outcome.reason === 'started-by-another';
}

/**
 * Whether a conversion left just these disks alone. Its own deallocation and start raise events,
 * and an instance for them would take the place of its outcome.
 */
function leftAlone({ output }: Instance, diskIds: readonly string[]): boolean {
  const outcome = parseOutcome(output);
  if (outcome?.kind !== 'converted' || !outcome.deallocated) return false;
  return diskIds.every((id) => outcome.skipped.some(({ diskId }) => sameId(diskId, id)));
}
