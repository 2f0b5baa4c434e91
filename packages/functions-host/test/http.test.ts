import { app } from '@azure/functions';
import { expect, test } from 'vitest';
import { aHost, send } from './a-host.ts';

const KEYS = { master: 'm', function: 'f', eventGrid: 'e', durableTask: 'd' };

function registerEcho(name: string, route: string, authLevel: 'anonymous' | 'function' | 'admin') {
  app.http(name, {
    route,
    authLevel,
    handler: async (request) => ({
      jsonBody: { name, params: request.params, body: await request.text() },
    }),
  });
}

test.for<[path: string, name: string, params: object]>([
  ['/api/disks/1', 'byNumber', { id: '1' }],
  ['/api/disks/one', 'byName', { name: 'one' }],
  ['/api/disks/all', 'all', {}],
  ['/api/DISKS/ALL/', 'all', {}],
  ['/api/files', 'files', {}],
  ['/api/files/a/b%20c', 'files', { path: 'a/b c' }],
  ['/api/optional', 'optional', {}],
  ['/api/optional/x', 'optional', { first: 'x' }],
])('GET %s runs %s', async ([path, name, params]) => {
  const host = await aHost({
    load: () => {
      registerEcho('byName', 'disks/{name}', 'anonymous');
      registerEcho('byNumber', 'disks/{id:int}', 'anonymous');
      registerEcho('all', 'disks/all', 'anonymous');
      registerEcho('files', 'files/{*path}', 'anonymous');
      registerEcho('optional', 'optional/{first?}/{second?}', 'anonymous');
    },
  });

  expect(await (await send(host, 'GET', path)).json()).toMatchObject({ name, params });
});

test('listens on 127.0.0.1 and on no other address', async () => {
  const { url } = await aHost({ port: 0 });

  expect((await fetch(`${url}/admin/host/ping`)).status).toBe(200);
  // Another loopback address of Linux; where it is none, the connection fails all the same.
  const other = url.replace('127.0.0.1', '127.0.0.2');
  expect(other).not.toBe(url);
  await expect(fetch(`${other}/admin/host/ping`)).rejects.toThrow();
});

test.for<[path: string, statuses: Record<string, number>]>([
  ['/api/open', { '': 200, x: 200, f: 200, m: 200, d: 200 }],
  ['/api/keyed', { '': 401, x: 401, f: 200, m: 200, d: 401 }],
  ['/api/master', { '': 401, x: 401, f: 401, m: 200, d: 401 }],
  ['/runtime/webhooks/durabletask/instances/none', { '': 401, x: 401, f: 403, m: 404, d: 404 }],
  ['/durabletask/instances/none', { '': 401, x: 401, f: 403, m: 404, d: 404 }],
  ['/admin/host/status', { '': 401, x: 401, f: 403, m: 200, d: 403 }],
  ['/admin/host/ping', { '': 200, x: 200, m: 200 }],
])('GET %s answers each key %j', async ([path, statuses]) => {
  const host = await aHost({
    keys: KEYS,
    load: () => {
      registerEcho('open', 'open', 'anonymous');
      registerEcho('keyed', 'keyed', 'function');
      registerEcho('master', 'master', 'admin');
    },
  });

  for (const [key, status] of Object.entries(statuses)) {
    const byQuery = await send(host, 'GET', `${path}?code=${key}`);
    const byHeader = await send(host, 'GET', path, undefined, { 'x-functions-key': key });

    expect([key, byQuery.status, byHeader.status]).toEqual([key, status, status]);
  }
});

test('an empty key in the configuration opens nothing', async () => {
  const host = await aHost({
    keys: { ...KEYS, function: '' },
    load: () => registerEcho('keyed', 'keyed', 'function'),
  });

  expect((await send(host, 'GET', '/api/keyed?code=')).status).toBe(401);
  expect((await send(host, 'GET', '/api/keyed')).status).toBe(401);
});

test.for([null, 0])('refuses a body over one mebibyte, port %j', async (port) => {
  const host = await aHost({ port, load: () => registerEcho('echo', 'echo', 'anonymous') });
  const post = async (body: string) => {
    const request = new Request(`${host.url}/api/echo`, { method: 'POST', body });
    return port === null ? await host.request(request) : await fetch(request);
  };

  expect((await post('x'.repeat(1_048_577))).status).toBe(413);
  expect((await post('x'.repeat(1_048_576))).status).toBe(200);
});

test('a host listens on loopback, and not after it was stopped', async () => {
  const host = await aHost({ port: 0, load: () => registerEcho('echo', 'echo', 'anonymous') });
  expect(host.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect((await fetch(`${host.url}/api/echo`)).status).toBe(200);

  await host.stop();

  await expect(fetch(`${host.url}/api/echo`)).rejects.toThrow();
});

test.for([
  '/api/%',
  '/api/%ff/x',
  '/runtime/webhooks/durabletask/instances/%',
  '/runtime/webhooks/durabletask/instances/a%00b',
  '/runtime/webhooks/durabletask/orchestrators/%E0%A4%A',
  '/durabletask/instances/?top=-1&instanceIdPrefix=%',
  '/admin/functions/%',
  '//api/x',
  '/runtime/webhooks/durabletask/instances/a/b/c/d/e',
])('no path breaks the host: %s', async (path) => {
  const host = await aHost();

  for (const method of ['GET', 'POST', 'DELETE', 'PUT', 'OPTIONS']) {
    expect((await send(host, method, path)).status).toBeLessThan(500);
  }
});

test('a request target that is no path is refused', async () => {
  const host = await aHost({ port: 0 });
  const { request } = await import('node:http');
  const status = await new Promise((resolve, reject) => {
    const sent = request(`${host.url}`, { path: 'http://[/', method: 'GET' }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.once('error', reject);
    sent.end();
  });

  expect(status).toBe(400);
});
