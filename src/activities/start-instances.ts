import { wasRefused } from '../domain/conversion-outcome.ts';
import { type Instance, isAlive, readInstance } from '../durable/read-instance.ts';
import { type Start, startOnce } from '../durable/start-once.ts';
import { defineClientActivity } from '../durable/steps.ts';
import type { Services } from './services.ts';

const HOUR_MS = 3_600_000;

/** An instance to start. */
export interface InstanceRequest {
  readonly orchestrator: string;
  readonly instanceId: string;
  readonly input: object;
}

interface Input {
  readonly requests: readonly InstanceRequest[];
  /** `person`: somebody asked for it, so an earlier refusal does not stand in the way. */
  readonly askedBy: 'event' | 'sweep' | 'person';
}

export interface InstanceStart {
  readonly instanceId: string;
  /** `cooling-down`: Azure refused it lately, and nobody asked again. */
  readonly start: Start | 'cooling-down';
}

/** Starts instances that do not run yet. Safe to repeat: what runs is left alone. */
export const startInstances = defineClientActivity(
  'startInstances',
  { attempts: 5, firstDelayMs: 2_000 },
  ({ policy }: Services, client) =>
    async ({
      requests,
      askedBy,
    }: Input): Promise<{ readonly starts: readonly InstanceStart[] }> => {
      const cooldownMs = askedBy === 'person' ? 0 : policy().retryRefusedAfterHours * HOUR_MS;
      const starts: InstanceStart[] = [];
      for (const { orchestrator, instanceId, input } of requests) {
        const earlier = cooldownMs > 0 ? await readInstance(client, instanceId) : null;
        const start = isCoolingDown(earlier, cooldownMs)
          ? 'cooling-down'
          : await startOnce(client, { name: orchestrator }, { instanceId, input });
        starts.push({ instanceId, start });
      }
      return { starts };
    },
);

/** An outage before anything was touched is no refusal: the next look may find Azure well. */
function isCoolingDown(earlier: Instance | null, cooldownMs: number): boolean {
  if (earlier === null || isAlive(earlier)) return false;
  if (Date.now() - earlier.updatedAtMs > cooldownMs) return false;
  return wasRefused(earlier.output) || (earlier.runtimeStatus === 'Failed' && hadBegun(earlier));
}

function hadBegun({ customStatus }: Instance): boolean {
  const shown = customStatus as { readonly step?: unknown } | null;
  return ['deallocating', 'encrypting', 'starting'].includes(String(shown?.step));
}
