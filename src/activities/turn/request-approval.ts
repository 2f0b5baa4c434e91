import type { Requester } from '../../domain/people/requester.ts';
import type { Approval } from '../../domain/turn/approval.ts';
import { defineActivity } from '../../durable/steps.ts';
import type { Services } from '../services.ts';

const HOUR_MS = 3_600_000;

interface Input {
  readonly vmId: string;
  readonly planDigest: string;
  readonly requestedBy: Requester;
}

/**
 * Asks for a person's approval of a plan. Safe to repeat: one request stands per VM and plan.
 *
 * Whoever approves starts the conversion anew.
 */
export const requestApproval = defineActivity(
  'requestApproval',
  { attempts: 5, firstDelayMs: 2_000 },
  ({ store, policy }: Services) =>
    async (input: Input): Promise<{ readonly approval: Approval }> => {
      const { approval } = await policy();
      const requestedAtMs = Date.now();
      const deadlineMs = requestedAtMs + approval.deadlineHours * HOUR_MS;
      return { approval: await store.approvals.request({ ...input, requestedAtMs, deadlineMs }) };
    },
);
