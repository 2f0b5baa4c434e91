import { RELEASE } from '../../release.ts';
import { APPROVAL_PATHS, APPROVAL_SCHEMAS, BY_PERSON, OF_PERSONS } from './open-api-approvals.ts';
import { HISTORY_PATH, RECORD } from './open-api-history.ts';
import { answer, json, page, REFUSALS, refusal } from './open-api-parts.ts';

const ID_PARAMETER = {
  name: 'id',
  in: 'path',
  required: true,
  schema: { type: 'string', pattern: '^(vm|disk|request)-[0-9a-f]{32}$' },
};

const CONVERSION = { $ref: '#/components/schemas/Conversion' };

const TIME = { type: 'string', format: 'date-time' };
const SWEEP = {
  type: 'object',
  required: ['schedule', 'next', 'last'],
  properties: {
    schedule: { type: 'string' },
    next: { type: 'array', items: TIME },
    last: { ...TIME, type: ['string', 'null'] },
  },
};

/** The HTTP interface, as an OpenAPI 3.1 document. */
export const OPEN_API = {
  openapi: '3.1.0',
  info: {
    title: 'keyturn',
    version: RELEASE,
    description: 'Moves Azure disks to customer-managed keys.',
    license: { name: 'MIT', identifier: 'MIT' },
  },
  servers: [{ url: '/api' }],
  security: [{ header: [] }, { query: [] }],
  paths: {
    '/conversions': {
      post: {
        operationId: 'postConversion',
        summary:
          'Convert a disk, a VM, a resource group or a subscription, or say what would be done',
        description:
          'A dry run takes a function key alone; else a token with the role keyturn.convert or keyturn.approve besides.',
        security: [...BY_PERSON, { header: [] }, { query: [] }],
        requestBody: { required: true, content: json({ $ref: '#/components/schemas/Request' }) },
        responses: {
          '202': {
            ...answer('Under way; follow Location.', CONVERSION),
            headers: {
              Location: { schema: { type: 'string', format: 'uri' } },
              'Retry-After': { schema: { type: 'integer' } },
            },
          },
          ...REFUSALS,
          ...OF_PERSONS,
          '403': refusal("The role is missing, or the policy's scope does not name the target."),
          '413': refusal('The body is too large.'),
          '415': refusal('The body is not application/json.'),
        },
      },
      get: {
        operationId: 'listConversions',
        summary: 'List conversions, the newest first',
        parameters: [
          { name: 'top', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 500 } },
          { name: 'skip', in: 'query', schema: { type: 'integer', minimum: 0 } },
          {
            name: 'createdAfter',
            in: 'query',
            description: 'Of the last 24 hours where it is absent.',
            schema: { type: 'string', format: 'date-time' },
          },
        ],
        responses: {
          '200': page(CONVERSION),
          ...REFUSALS,
        },
      },
    },
    '/conversions/{id}': {
      parameters: [ID_PARAMETER],
      get: {
        operationId: 'getConversion',
        summary: 'Show a conversion',
        responses: {
          '200': answer('The conversion.', CONVERSION),
          ...REFUSALS,
          '404': refusal('There is none of this ID.'),
        },
      },
      delete: {
        operationId: 'deleteConversion',
        summary: 'Stop before the next VM is switched off; what is off is finished and started',
        responses: {
          '200': answer('It had ended already.', CONVERSION),
          '202': answer('It was asked to stop.', CONVERSION),
          ...REFUSALS,
          '404': refusal('There is none of this ID.'),
        },
      },
    },
    ...APPROVAL_PATHS,
    '/history': HISTORY_PATH,
    '/sweep': {
      get: {
        operationId: 'getSweep',
        summary: 'Show when the sweep runs',
        responses: { '200': answer('Its schedule.', SWEEP), ...REFUSALS },
      },
    },
    '/openapi.json': {
      get: {
        operationId: 'getOpenApi',
        summary: 'This document',
        security: [],
        responses: { '200': answer('OpenAPI 3.1.', { type: 'object' }) },
      },
    },
    '/policy.schema.json': {
      get: {
        operationId: 'getPolicySchema',
        summary: "The policy file's JSON Schema",
        security: [],
        responses: { '200': answer('JSON Schema.', { type: 'object' }) },
      },
    },
  },
  components: {
    securitySchemes: {
      header: { type: 'apiKey', in: 'header', name: 'x-functions-key' },
      query: { type: 'apiKey', in: 'query', name: 'code' },
      token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
    },
    schemas: {
      Request: {
        type: 'object',
        additionalProperties: false,
        required: ['target'],
        properties: {
          target: {
            type: 'string',
            description: 'ARM ID of a disk, a VM, a resource group or a subscription.',
          },
          dryRun: { type: 'boolean', default: false },
        },
      },
      Conversion: {
        type: 'object',
        required: ['id', 'kind', 'target', 'status'],
        properties: {
          id: ID_PARAMETER.schema,
          kind: { enum: ['vm', 'disk', 'request', 'restore'] },
          target: { type: 'string' },
          status: { enum: ['Running', 'Succeeded', 'Failed', 'Canceled', 'Deferred'] },
          dryRun: { type: 'boolean' },
          createdAt: { type: 'string', format: 'date-time' },
          updatedAt: { type: 'string', format: 'date-time' },
          progress: { type: ['object', 'null'] },
          outcome: { description: 'How it ended; null while it runs.' },
        },
      },
      ...APPROVAL_SCHEMAS,
      Record: RECORD,
      Error: {
        type: 'object',
        required: ['error'],
        properties: {
          error: {
            type: 'object',
            required: ['code', 'message'],
            properties: {
              code: { type: 'string' },
              message: { type: 'string' },
              details: {
                type: 'array',
                items: {
                  type: 'object',
                  required: ['code', 'message'],
                  properties: {
                    code: { type: 'string' },
                    message: { type: 'string' },
                    target: { type: 'string' },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
} as const;
