import { app } from '@azure/functions';
import { OPEN_API } from './open-api.ts';

/** Registers `GET /api/openapi.json`. Open to anyone: it says what there is, not how it stands. */
export function registerGetOpenApi(): void {
  app.http('getOpenApi', {
    route: 'openapi.json',
    methods: ['GET'],
    authLevel: 'anonymous',
    handler: async () => ({ jsonBody: OPEN_API }),
  });
}
