import { app, type HttpResponseInit } from '@azure/functions';
import { z } from 'zod';
import type { Approvals } from '../../store/store.ts';
import { approvalView } from './approval-view.ts';
import { nextLink, readQuery } from './read-query.ts';
import { storeAnswer } from './store-answer.ts';

const Query = z.strictObject({
  code: z.string().optional(),
  top: z.coerce.number().int().min(1).max(500).default(100),
  skip: z.coerce.number().int().min(0).default(0),
});

/** Registers `GET /api/approvals`: what waits for a person's word, the oldest first. */
export function registerListApprovals(approvals: Approvals): void {
  app.http('listApprovals', {
    route: 'approvals',
    methods: ['GET'],
    authLevel: 'function',
    handler: async (request, context): Promise<HttpResponseInit> => {
      const read = readQuery(Query, request);
      if ('refusal' in read) return read.refusal;
      const { top, skip } = read.query;
      const answered = await storeAnswer(context, () => approvals.list());
      if ('refusal' in answered) return answered.refusal;
      const pending = answered.found.filter(({ deadlineMs }) => Date.now() < deadlineMs);
      const isLast = pending.length <= skip + top;
      const link = isLast ? {} : { nextLink: nextLink(request, 'skip', String(skip + top)) };
      return { jsonBody: { value: pending.slice(skip, skip + top).map(approvalView), ...link } };
    },
  });
}
