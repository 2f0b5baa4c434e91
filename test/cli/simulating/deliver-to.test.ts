import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { anAzureToWrite, anEndpoint } from '../../../packages/azure-simulator/test/an-endpoint.ts';
import { deliverTo, EVENT_OPERATIONS } from '../../../src/cli/simulating/deliver-to.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const NAMESPACE = 'providers/Microsoft.EventGrid';
const WEBHOOK = {
  endpointType: 'WebHook',
  properties: { endpointUrl: 'https://receiver.example/events?code=secret' },
};

test.for(Object.entries(EVENT_OPERATIONS))(
  'the filter that is prescribed for %s lets through what the example gets',
  async ([name, operations]) => {
    const template = anEndpoint();
    const azure = anAzureToWrite({ deliverWebhook: template.deliver });
    const example = anEndpoint();
    const whole = `/subscriptions/${azure.subscriptionId}`;
    const key = 'data.operationName';
    const advancedFilters = [{ operatorType: 'StringIn', key, values: operations }];
    await azure.arm('PUT', `${whole}/${NAMESPACE}/eventSubscriptions/${name}`, {
      properties: { destination: WEBHOOK, filter: { advancedFilters } },
    });
    const endpoint = new URL(`http://127.0.0.1/events?functionName=${name}`);
    azure.subscribe({ ...deliverTo(endpoint), deliver: example.deliver });
    await vi.advanceTimersByTimeAsync(10);

    await azure.write();
    const vm = azure.estate.addVm({ name: 'vm-1', power: 'running' });
    await azure.arm('POST', `${vm}/deallocate`, undefined, '2024-07-01');
    await vi.advanceTimersByTimeAsync(1_800_000);

    const ids = (seen: typeof example.received) => seen.map(({ event }) => event['id']).toSorted();
    expect(ids(template.received)).toEqual(ids(example.received));
    expect(template.received).toHaveLength(1);
  },
);
