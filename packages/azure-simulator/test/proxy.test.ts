import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { exampleEstate } from '../src/example-estate.ts';
import { startProxy } from '../src/proxy.ts';
import { createSimulator } from '../src/simulator.ts';

test('an unmodified app takes the proxy for Azure', async () => {
  const simulator = createSimulator({ estate: exampleEstate(), speed: 100 });
  const proxy = await startProxy(simulator);

  try {
    const { NODE_EXTRA_CA_CERTS: ca = '' } = proxy.env;
    expect((await stat(ca)).mode & 0o777).toBe(0o600);
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [join(import.meta.dirname, 'proxy.child.ts'), simulator.subscriptionId, 'kv-keyturn-weu'],
      { env: proxy.env, timeout: 50_000 },
    );

    const { disks } = simulator.truth();
    expect(JSON.parse(stdout)).toEqual({
      disks: disks.length,
      kty: 'RSA',
      lost: 'ResourceNotFound',
    });
    expect(simulator.powerState('vm-erp-app-01')).toBe('deallocated');
    expect(simulator.truth().notSimulated).toEqual([]);
  } finally {
    await proxy.stop();
    simulator.close();
  }
});
