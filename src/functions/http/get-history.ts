import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';
import { z } from 'zod';
import { historyCsv } from '../../report/history-csv.ts';
import type { FoundRecords, Journal } from '../../store/store.ts';
import { armError } from './arm-answer.ts';
import { nextLink, readQuery } from './read-query.ts';
import { storeAnswer } from './store-answer.ts';

const Instant = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })])
  .transform((text) => Date.parse(text));

const Query = z.strictObject({
  code: z.string().optional(),
  target: z.string().min(1).max(2_000).optional(),
  outcome: z.stringFormat('outcome', /^[a-z-]{1,40}$/).optional(),
  requestedBy: z.string().min(1).max(200).optional(),
  since: Instant.optional(),
  until: Instant.optional(),
  top: z.coerce.number().int().min(1).max(500).default(100),
  skipToken: z.string().optional(),
  format: z.enum(['json', 'csv']).optional(),
});

/** Registers `GET /api/history`: what the journal holds, the newest first. */
export function registerGetHistory(journal: Journal): void {
  app.http('getHistory', {
    route: 'history',
    methods: ['GET'],
    authLevel: 'function',
    handler: async (request, context): Promise<HttpResponseInit> => {
      const read = readQuery(Query, request);
      if ('refusal' in read) return read.refusal;
      const {
        skipToken = null,
        top,
        since,
        until,
        format,
        target,
        outcome,
        requestedBy,
      } = read.query;
      const filter = { target, outcome, requestedBy, sinceMs: since, untilMs: until };
      const answered = await storeAnswer(context, () =>
        journal.find(filter, { top, token: skipToken }),
      );
      if ('refusal' in answered) return answered.refusal;
      const { found } = answered;
      if (found === null) {
        return armError(400, 'InvalidQueryParameter', 'skipToken is not one of this list.');
      }
      const next = found.token === null ? null : nextLink(request, 'skipToken', found.token);
      return (format ?? formatOf(request)) === 'csv' ? asCsv(found, next) : asJson(found, next);
    },
  });
}

function formatOf({ headers }: HttpRequest): 'json' | 'csv' {
  return /^text\/csv\b/i.test(headers.get('accept') ?? '') ? 'csv' : 'json';
}

function asJson({ records }: FoundRecords, next: string | null): HttpResponseInit {
  return { jsonBody: { value: records, ...(next === null ? {} : { nextLink: next }) } };
}

function asCsv({ records }: FoundRecords, next: string | null): HttpResponseInit {
  return {
    body: historyCsv(records),
    headers: {
      'Content-Type': 'text/csv; charset=utf-8; header=present',
      ...(next === null ? {} : { Link: `<${next}>; rel="next"` }),
    },
  };
}
