import { app } from '@azure/functions';

/** Registers `GET /api/policy.schema.json`: the policy file's JSON Schema, for editors. */
export function registerGetPolicySchema(schema: object): void {
  app.http('getPolicySchema', {
    route: 'policy.schema.json',
    methods: ['GET'],
    authLevel: 'anonymous',
    handler: async () => ({ jsonBody: schema }),
  });
}
