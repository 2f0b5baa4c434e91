import { answer, json, page, REFUSALS, refusal } from './open-api-parts.ts';

const TEXT = { type: 'string' };
const TEXT_OR_NULL = { type: ['string', 'null'] };
const TIME = { type: 'string', format: 'date-time' };
const REASON = { type: 'string', maxLength: 500 };
const SCOPE = {
  type: 'string',
  description:
    '`everything`, the ARM ID of a disk encryption set or a subscription, or `size/SIZE/REGION` with or without `/ZONE`; ' +
    'of one subscription `/subscriptions/ID/size/SIZE/REGION`, or `series` in place of `size`.',
};
const STANDING_SCOPE = {
  type: 'string',
  description: 'As it is asked for, or `too-much`: more to convert than allowed.',
};

/** Answers that every path has besides which wants a person. */
export const OF_PERSONS = {
  '401': refusal(
    'No function key, without a body; or no token besides, or one that does not count.',
  ),
  '403': refusal('The token is without the role that it takes; or not for this person.'),
  '503': refusal("The journal, or the directory's signing keys, cannot be reached now."),
};
/** A function key, and a token of Entra ID. */
export const BY_PERSON = [
  { header: [], token: [] },
  { query: [], token: [] },
];

const APPROVAL_ID = { type: 'string', pattern: '^[0-9a-f]{32}$' };
const APPROVAL_VIEW = { $ref: '#/components/schemas/Approval' };
const STOPS = page({ $ref: '#/components/schemas/Stop' });
const AWAY = { '503': refusal('The journal cannot be reached now.') };

/** `/approvals` and `/stop` of the HTTP interface. */
export const APPROVAL_PATHS = {
  '/approvals': {
    get: {
      operationId: 'listApprovals',
      summary: "List what waits for a person's approval, the oldest first",
      parameters: [
        { name: 'top', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 500 } },
        { name: 'skip', in: 'query', schema: { type: 'integer', minimum: 0 } },
      ],
      responses: { '200': page(APPROVAL_VIEW), ...REFUSALS, ...AWAY },
    },
  },
  '/approvals/{id}': {
    parameters: [{ name: 'id', in: 'path', required: true, schema: APPROVAL_ID }],
    post: {
      operationId: 'postApproval',
      summary: 'Approve or reject a conversion; needs the role keyturn.approve',
      security: BY_PERSON,
      requestBody: { required: true, content: json({ $ref: '#/components/schemas/Decision' }) },
      responses: {
        '200': answer('Decided; what was approved begins.', APPROVAL_VIEW),
        ...REFUSALS,
        ...OF_PERSONS,
        '404': refusal('There is none of this ID.'),
        '409': refusal('It is late, was decided already, or is about another plan.'),
        '413': refusal('The body is too large.'),
        '415': refusal('The body is not application/json.'),
      },
    },
  },
  '/stop': {
    get: {
      operationId: 'getStops',
      summary: 'Show what forbids further deallocations',
      responses: { '200': STOPS, ...REFUSALS, ...AWAY },
    },
    put: {
      operationId: 'putStop',
      summary: 'Forbid further deallocations; any function key may',
      requestBody: {
        required: true,
        content: json({
          type: 'object',
          additionalProperties: false,
          required: ['scope', 'reason'],
          properties: { scope: SCOPE, reason: { ...REASON, minLength: 1 } },
        }),
      },
      responses: {
        '200': STOPS,
        ...REFUSALS,
        ...AWAY,
        '413': refusal('The body is too large.'),
        '415': refusal('The body is not application/json.'),
      },
    },
    delete: {
      operationId: 'deleteStop',
      summary: 'Allow them again; needs the role keyturn.approve',
      security: BY_PERSON,
      parameters: [{ name: 'scope', in: 'query', required: true, schema: SCOPE }],
      responses: {
        '200': STOPS,
        ...REFUSALS,
        ...OF_PERSONS,
        '404': refusal('There is no such stop.'),
      },
    },
  },
};

const EARLIER = {
  type: 'object',
  required: ['planDigest', 'status', 'decidedBy', 'decidedAt', 'reason', 'usedBy'],
  properties: {
    planDigest: TEXT,
    status: { enum: ['Approved', 'Rejected'] },
    decidedBy: TEXT,
    decidedAt: TIME,
    reason: TEXT_OR_NULL,
    usedBy: { ...TEXT_OR_NULL, description: 'Instance that acted on it.' },
  },
};

export const APPROVAL_SCHEMAS = {
  Approval: {
    type: 'object',
    required: ['id', 'target', 'planDigest', 'status', 'requestedBy', 'requestedAt', 'deadline'],
    properties: {
      id: APPROVAL_ID,
      target: TEXT,
      planDigest: { ...TEXT, description: 'Of what is to be done; a decision names it.' },
      status: { enum: ['Pending', 'Approved', 'Rejected'] },
      requestedBy: TEXT,
      requestedAt: TIME,
      deadline: TIME,
      decidedBy: TEXT_OR_NULL,
      decidedAt: { ...TIME, type: ['string', 'null'] },
      reason: TEXT_OR_NULL,
      earlier: {
        type: 'array',
        description: 'Decisions about earlier requests for the VM, the oldest first.',
        items: EARLIER,
      },
    },
  },
  Decision: {
    type: 'object',
    additionalProperties: false,
    required: ['decision', 'planDigest'],
    properties: { decision: { enum: ['approve', 'reject'] }, planDigest: TEXT, reason: REASON },
  },
  Stop: {
    type: 'object',
    required: ['scope', 'what', 'by', 'reason', 'at'],
    properties: { scope: STANDING_SCOPE, what: TEXT, by: TEXT, reason: TEXT, at: TIME },
  },
};
