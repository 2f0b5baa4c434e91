import { page, REFUSALS, refusal } from './open-api-parts.ts';

const TEXT = { type: 'string' };
const TEXT_OR_NULL = { type: ['string', 'null'] };
const TIME = { type: 'string', format: 'date-time' };

function parameter(name: string, schema: object, description?: string) {
  return { name, in: 'query', schema, ...(description ? { description } : {}) };
}

/** `/history` of the HTTP interface. */
export const HISTORY_PATH = {
  get: {
    operationId: 'getHistory',
    summary: 'Show what the journal holds of conversions, the newest first',
    parameters: [
      parameter('target', TEXT, 'ARM ID of the VM or disk, in any case.'),
      parameter('outcome', TEXT, 'e.g. converted, failed, under-way.'),
      parameter('requestedBy', TEXT, "A person's name, or event, sweep, person."),
      parameter('since', TEXT, 'A date, or a date and time: began then or later.'),
      parameter('until', TEXT, 'A date, or a date and time: began earlier.'),
      parameter('top', { type: 'integer', minimum: 1, maximum: 500, default: 100 }),
      parameter('skipToken', TEXT, 'Of nextLink.'),
      parameter('format', { enum: ['json', 'csv'] }, 'Else as Accept says.'),
    ],
    responses: {
      '200': {
        ...page({ $ref: '#/components/schemas/Record' }),
        content: {
          ...page({ $ref: '#/components/schemas/Record' }).content,
          'text/csv': { schema: TEXT },
        },
        headers: {
          Link: { description: 'Of CSV: the next page.', schema: TEXT },
        },
      },
      ...REFUSALS,
      '503': refusal('The journal cannot be read now.'),
    },
  },
};

const ENCRYPTION = {
  type: ['object', 'null'],
  required: ['type', 'setId'],
  properties: { type: TEXT, setId: TEXT_OR_NULL },
};

/** A record of the journal. */
export const RECORD = {
  type: 'object',
  required: ['id', 'instanceId', 'target', 'requestedBy', 'beganAt', 'steps', 'disks'],
  properties: {
    id: TEXT,
    instanceId: TEXT,
    target: TEXT,
    requestedBy: {
      type: 'object',
      properties: {
        kind: { enum: ['event', 'sweep', 'person'] },
        person: { type: ['object', 'null'] },
        requestId: TEXT_OR_NULL,
      },
    },
    approvedBy: { type: ['object', 'null'] },
    policyDigest: TEXT,
    verdicts: { type: 'array', items: { type: 'object' } },
    beganAt: TIME,
    endedAt: { ...TIME, type: ['string', 'null'] },
    steps: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          ...{ at: TIME, step: TEXT, target: TEXT, code: TEXT_OR_NULL, message: TEXT },
          ...{ correlationId: TEXT_OR_NULL, operationId: TEXT_OR_NULL },
        },
      },
    },
    power: { type: 'object', properties: { before: TEXT_OR_NULL, after: TEXT_OR_NULL } },
    disks: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          ...{ id: TEXT, before: ENCRYPTION, after: ENCRYPTION },
          ...{ outcome: TEXT_OR_NULL, code: TEXT_OR_NULL },
        },
      },
    },
    downtimeMs: { type: ['integer', 'null'] },
    outcome: TEXT_OR_NULL,
  },
};
