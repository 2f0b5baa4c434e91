import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

interface TokenGiver {
  handle(request: Request): Promise<Response>;
}

/**
 * The managed identity endpoint of App Service on a loopback port: plain HTTP, guarded by a secret
 * header, in its newer form (`IDENTITY_…`) and the older one (`MSI_…`) that Azure CLI knows.
 */
export async function startIdentityEndpoint(
  simulator: TokenGiver,
): Promise<{ readonly env: Record<string, string>; stop(): Promise<void> }> {
  const secret = randomUUID().replaceAll('-', '').toUpperCase();
  const server = createServer((request, response) => {
    give(simulator, secret, request, response).catch(() => {
      // What cannot be read as a request at all is no reason to stop giving tokens.
      if (!response.headersSent) response.writeHead(400);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const endpoint = `http://127.0.0.1:${port}/msi/token`;
  return {
    env: {
      IDENTITY_ENDPOINT: endpoint,
      IDENTITY_HEADER: secret,
      MSI_ENDPOINT: endpoint,
      MSI_SECRET: secret,
      APPSETTING_WEBSITE_SITE_NAME: 'simulated-azure',
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function give(
  simulator: TokenGiver,
  secret: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { headers, method = 'GET', url = '/' } = request;
  if (headers['x-identity-header'] !== secret && headers['secret'] !== secret) {
    response.writeHead(401).end();
    return;
  }
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const body = Buffer.concat(chunks).toString();
  const answered = await simulator.handle(
    new Request(`http://127.0.0.1${url}`, {
      method,
      ...(body && method === 'POST' ? { body } : {}),
    }),
  );
  response.writeHead(answered.status, Object.fromEntries(answered.headers));
  response.end(await answered.text());
}
