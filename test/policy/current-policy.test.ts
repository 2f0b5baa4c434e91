import { RestError } from '@azure/core-rest-pipeline';
import { createSimulator } from '@keyturn/azure-simulator/simulator';
import { withVirtualTime } from '@keyturn/functions-host/virtual-time';
import { describe, expect, test } from 'vitest';
import { CLOUDS } from '../../src/azure/clouds.ts';
import { connectAzure } from '../../src/azure/connect.ts';
import type {
  ManagementGroupEntry,
  WrittenPolicy,
} from '../../src/domain/policy/conversion-policy.ts';
import { currentPolicy } from '../../src/policy/current-policy.ts';
import { aPolicy, aScope, GROUP, SUBSCRIPTION } from '../support/builders.ts';

const START = '2026-03-01T08:00:00Z';
const MINUTE_MS = 60_000;

/** The policy over a simulated Azure with a management group within another, and what it tells. */
function aReader(policy: WrittenPolicy) {
  const { estate, httpClient, subscriptionId } = createSimulator();
  estate.addManagementGroup({ name: 'mg-all' });
  estate.addManagementGroup({ name: 'mg-prod', parent: 'mg-all', subscriptions: [subscriptionId] });
  const told: string[] = [];
  const line = { requests: 0, isCut: false };
  const azure = connectAzure({
    credential: {
      getToken: async () => ({ token: 'static', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }),
    },
    cloud: CLOUDS.AzureCloud,
    httpClient: {
      sendRequest: async (request) => {
        line.requests += 1;
        if (line.isCut) throw new RestError('No network.', { code: 'ECONNRESET' });
        return httpClient.sendRequest(request);
      },
    },
  });
  const file = { policy };
  const read = currentPolicy({
    read: () => file.policy,
    azure,
    tell: (event, properties) => told.push(`${event} ${Object.values(properties).join(' ')}`),
  });
  return { file, line, read, told, subscriptionId };
}

const entry = (managementGroup: string): ManagementGroupEntry => ({
  managementGroup,
  resourceGroups: ['rg-erp'],
  regions: ['westeurope'],
  tags: { env: 'prod' },
});

const withGroup = (name: string): WrittenPolicy => ({
  ...aPolicy(),
  scope: [aScope(SUBSCRIPTION), entry(name)],
});

describe('a management group', () => {
  test.for([['mg-all'], ['mg-prod']])(
    '%s becomes the subscriptions below it',
    async ([name = '']) => {
      const { read, subscriptionId, told } = aReader(withGroup(name));
      const { resourceGroups, regions, tags } = entry(name);

      expect((await read()).scope).toEqual([
        aScope(SUBSCRIPTION),
        { subscriptionId, resourceGroups, regions, tags },
      ]);
      expect(told).toEqual([]);
    },
  );

  test('that cannot be read counts as nothing, and the log says so', async () => {
    const { read, told } = aReader(withGroup('mg-none'));

    expect((await read()).scope).toEqual([aScope(SUBSCRIPTION)]);
    expect(told).toEqual(['policy.management-group-unreadable mg-none AuthorizationFailed']);
  });

  test('is asked for again after ten minutes, and after one where it failed', async () => {
    await withVirtualTime(START, async (time) => {
      const { line, read, told } = aReader(withGroup('mg-all'));
      await Promise.all([read(), read()]);
      await time.advance(9 * MINUTE_MS);
      await read();
      expect(line.requests).toBe(1);

      line.isCut = true;
      await time.advance(2 * MINUTE_MS);
      expect((await read()).scope).toHaveLength(1);
      expect((await read()).scope).toHaveLength(1);
      expect(line.requests).toBe(2);
      expect(told).toHaveLength(1);

      line.isCut = false;
      await time.advance(2 * MINUTE_MS);
      expect((await read()).scope).toHaveLength(2);
      expect(line.requests).toBe(3);
    });
  });

  test('is not asked for where none is named', async () => {
    const { line, read } = aReader(aPolicy());

    expect(await read()).toEqual(aPolicy());
    expect(line.requests).toBe(0);
  });
});

test('what has ended is told once for each reading of the file', async () => {
  const ended = { scope: GROUP, owner: 'erp-team', reason: 'old', untilMs: Date.UTC(2001, 0, 1) };
  const exclusions = [ended, { ...ended, untilMs: Date.UTC(9000, 0, 1) }];
  const { file, read, told } = aReader(aPolicy({ exclusions }));
  const line = `policy.entry-expired ${GROUP} erp-team 2001-01-01T00:00:00.000Z`;

  await read();
  await read();
  expect(told).toEqual([line]);
  file.policy = aPolicy({ exclusions });
  await read();
  expect(told).toEqual([line, line]);
});

test('a file that has become wrong is told to whoever asks', async () => {
  const wrong = new Error('wrong');
  const read = currentPolicy({
    read: () => {
      throw wrong;
    },
    azure: { listSubscriptions: async () => ({ status: 'ok', value: [] }) },
    tell: () => {},
  });

  await expect(read()).rejects.toBe(wrong);
});
