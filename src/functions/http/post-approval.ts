import {
  app,
  type HttpRequest,
  type HttpResponseInit,
  type InvocationContext,
} from '@azure/functions';
import { getClient, input } from 'durable-functions';
import { z } from 'zod';
import { instanceRequest } from '../../activities/conversion/instance-request.ts';
import type { Services } from '../../activities/services.ts';
import type { Person } from '../../domain/people/requester.ts';
import type { Approval, ApprovalDecision, ApprovalOutcome } from '../../domain/turn/approval.ts';
import { startOnce } from '../../durable/start-once.ts';
import { log } from '../../log.ts';
import type { Identify } from '../../people/identify.ts';
import { approvalView } from './approval-view.ts';
import { armError } from './arm-answer.ts';
import { authorize } from './authorize.ts';
import { readBody } from './read-body.ts';
import { readPolicy } from './read-policy.ts';
import { storeAnswer } from './store-answer.ts';

const Body = z.strictObject({
  decision: z.enum(['approve', 'reject']),
  planDigest: z.string().min(1).max(200),
  reason: z.string().max(500).optional(),
});
const MUST =
  'The body must be {"decision": "approve" or "reject", "planDigest": "<of the approval>", "reason": "<text>"}.';

type Refusal = Extract<ApprovalOutcome, { kind: 'refused' }>['reason'];

const REFUSALS: Readonly<Record<Refusal, readonly [status: number, code: string, what: string]>> = {
  unknown: [404, 'ApprovalNotFound', 'There is no approval of this ID.'],
  late: [409, 'ApprovalLate', 'The deadline has passed; the next attempt asks again.'],
  duplicate: [409, 'ApprovalAlreadyDecided', 'It was decided already, and that decision stands.'],
  'other-plan': [409, 'ApprovalPlanChanged', 'What is to be done has changed; look at it again.'],
  requester: [
    403,
    'ApproverIsRequester',
    "The policy's approval.notByRequester wants somebody else than who asked for it.",
  ],
  'not-approved': [409, 'ApprovalNotGiven', 'It was not approved.'],
};

/** Registers `POST /api/approvals/{id}`: a person's word, and what follows from it. */
export function registerPostApproval(services: Services, identify: Identify): void {
  app.http('postApproval', {
    route: 'approvals/{id}',
    methods: ['POST'],
    authLevel: 'function',
    extraInputs: [input.durableClient()],
    handler: async (request, context): Promise<HttpResponseInit> => {
      const authorized = await authorize(identify, request, context, 'approve');
      if ('refusal' in authorized) return authorized.refusal;
      const decided = await decide(services, request, context, authorized.caller.person);
      if ('refusal' in decided) return decided.refusal;
      const { approval } = decided;
      if (approval.decision?.kind === 'approved' && approval.usedBy === null) {
        await start(context, approval);
      }
      return { jsonBody: approvalView(approval) };
    },
  });
}

async function decide(
  { policy, store }: Services,
  request: HttpRequest,
  context: InvocationContext,
  by: Person,
): Promise<{ readonly approval: Approval } | { readonly refusal: HttpResponseInit }> {
  const read = await readBody(Body, request, MUST);
  if ('refusal' in read) return read;
  const allowed = await readPolicy(policy, context);
  if ('refusal' in allowed) return allowed;
  const { decision, planDigest, reason = null } = read.body;
  const kind: ApprovalDecision['kind'] = decision === 'approve' ? 'approved' : 'rejected';
  const word = { kind, by, atMs: Date.now(), reason, planDigest };
  const { notByRequester } = allowed.policy.approval;
  const id = request.params['id'] ?? '';
  const answered = await storeAnswer(context, () =>
    store.approvals.decide(id, word, { notByRequester }),
  );
  if ('refusal' in answered) return answered;
  if (answered.found.kind === 'refused') {
    const [status, code, message] = REFUSALS[answered.found.reason];
    log(context, 'approval.refused', { id, by: by.name, code });
    return { refusal: armError(status, code, message) };
  }
  const { approval } = answered.found;
  log(context, 'approval.decided', { vmId: approval.vmId, by: by.name, decision });
  return { approval };
}

/** One that runs already finds the approval by itself. */
async function start(context: InvocationContext, { vmId, requestedBy }: Approval): Promise<void> {
  const request = instanceRequest({ kind: 'vm', id: vmId }, requestedBy);
  const { orchestrator, instanceId, input: given } = request;
  const started = await startOnce(
    getClient(context),
    { name: orchestrator },
    { instanceId, input: given },
  );
  log(context, 'approval.carried-out', { vmId, instanceId, start: started });
}
